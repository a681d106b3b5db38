using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Client;

internal static class RecommendationsCommand
{
    public static Command Create(CommandRunner runner)
    {
        var user = Arguments.Id("USER", "Покупатель (user_id).");
        var limit = Arguments.Limit();
        return runner.Run(new Command("recommendations", "Что может понравиться покупателю.") { user, limit }, (run, cancellationToken) =>
            RecommendationList.ShowAsync(run, Route.Of($"/client/recommendations/{run.Get(user)}").With(("limit", run.Get(limit))), cancellationToken));
    }
}

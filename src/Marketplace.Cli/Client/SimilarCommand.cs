using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Client;

internal static class SimilarCommand
{
    public static Command Create(CommandRunner runner)
    {
        var id = Arguments.ProductId();
        var limit = Arguments.Limit();
        return runner.Run(new Command("similar", "Товары, похожие на этот.") { id, limit }, (run, cancellationToken) =>
            RecommendationList.ShowAsync(run, Route.Of($"/client/products/{run.Get(id)}/similar").With(("limit", run.Get(limit))), cancellationToken));
    }
}

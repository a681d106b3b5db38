using System.CommandLine;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Client;

/// <summary>What clients do.</summary>
internal static class ClientCommands
{
    public static Command Create(CommandRunner runner) => new("client", "Покупатель: поиск, подсказки, карточка товара, похожие, рекомендации.")
    {
        SearchCommand.Create(runner),
        SuggestCommand.Create(runner),
        ProductCommand.Create(runner),
        SimilarCommand.Create(runner),
        RecommendationsCommand.Create(runner),
    };
}

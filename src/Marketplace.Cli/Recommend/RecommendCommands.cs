using System.CommandLine;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Recommend;

/// <summary>Recommendations, judged without a gateway.</summary>
internal static class RecommendCommands
{
    public static Command Create(CommandRunner runner) => new("recommend", "Рекомендации: оценка по журналу, без шлюза.")
    {
        EvaluateCommand.Create(runner),
    };
}

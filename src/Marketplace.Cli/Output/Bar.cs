using Marketplace.Cli.Running;
using Spectre.Console;

namespace Marketplace.Cli.Output;

/// <summary>A progress bar on stderr for long work, where a person sees it.</summary>
internal static class Bar
{
    /// <param name="title">What stands beside the bar until the work says something else.</param>
    /// <param name="work">Gets the bar, or null where there is none to be seen.</param>
    public static async Task<T> WithBarAsync<T>(this Invocation run, string title, Func<ProgressTask?, Task<T>> work)
    {
        if (run.Json || !run.Terminal.IsErrorTerminal || !run.Screen.Error.Profile.Capabilities.Ansi)
        {
            return await work(null);
        }

        return await run.Screen.Error.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = 40 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ElapsedTimeColumn())
            .StartAsync(context => work(context.AddTask(title)));
    }

    /// <inheritdoc cref="WithBarAsync{T}"/>
    public static Task WithBarAsync(this Invocation run, string title, Func<ProgressTask?, Task> work) => run.WithBarAsync(title, async bar =>
    {
        await work(bar);
        return true;
    });

    /// <summary>Moves the bar to a share of the whole, from 0 to 1; null: how much is left is not known.</summary>
    public static void MoveTo(this ProgressTask bar, double? share)
    {
        bar.IsIndeterminate = share is null;
        bar.Value = (share ?? 0) * bar.MaxValue;
    }
}

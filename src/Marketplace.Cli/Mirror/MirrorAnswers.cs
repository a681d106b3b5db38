namespace Marketplace.Cli.Mirror;

internal sealed record MirrorAnswer(
    string State, string? Reason, string Source, string Target, long LagRecords, double LagSeconds, IReadOnlyList<MirrorTopic> Topics, IReadOnlyList<MirrorGroup> Groups, long Conflicts, string? LastConflict);

internal sealed record MirrorTopic(string Topic, string State, string? Reason, long LagRecords, double LagSeconds, IReadOnlyList<MirrorPartition> Partitions);

internal sealed record MirrorPartition(int Partition, string State, string? Reason, long Position, long SourceEnd, long LagRecords, double LagSeconds, long Copied, long LeftOut);

internal sealed record MirrorGroup(string Group, bool InStep);

internal sealed record VerificationAnswer(bool Equal, IReadOnlyList<VerifiedPartition> Partitions);

internal sealed record VerifiedPartition(string Topic, int Partition, long UpTo, bool Equal, MirrorSide Source, MirrorSide Target, string? Difference, long? DifferenceOffset);

internal sealed record MirrorSide(long Records, string Digest);

internal sealed record PromotionAnswer(
    bool Promoted, IReadOnlyList<string> Obstacles, IReadOnlyList<PromotedPartition> Partitions, IReadOnlyList<MirrorGroup> Groups, IReadOnlyList<string> Settings);

internal sealed record PromotedPartition(string Topic, int Partition, long SourcePosition, long LagRecords, long TargetEnd);

internal sealed record ResumedAnswer(string Topic, IReadOnlyList<MirrorPartition> Partitions);

/// <summary>States in Russian.</summary>
internal static class MirrorWords
{
    public static string State(string state) => state switch
    {
        "running" => "[green]копирует[/]",
        "starting" => "[yellow]начинает[/]",
        "waiting" => "[yellow]ждёт[/]",
        "fenced" => "[red]вытеснено другим[/]",
        "promoted" => "[green]зеркало приняло работу[/]",
        "failed" => "[red]не может продолжать[/]",
        "stopped" => "[yellow]остановлено[/]",
        "recreated" => "[red]топик создан заново[/]",
        "truncated" => "[red]источник урезан[/]",
        "expired" => "[red]записи удалены до копирования[/]",
        "stale" => "[red]позиция устарела[/]",
        "foreign" => "[red]в зеркале чужие записи[/]",
        "missing" => "[red]в источнике нет[/]",
        "refused" => "[red]зеркало не принимает[/]",
        _ => Output.Words.Markup(state),
    };
}

using Marketplace.EventLog;
using Marketplace.Mirror.Tests.Fixture;
using Marketplace.Testing;

namespace Marketplace.Mirror.Tests.Translation;

/// <summary>
/// For any offset of the source, the translated position reads exactly the record that comes next there. Gaps come from compaction,
/// here on both sides and at different times; <c>MIRROR_POSITIONS</c> asks for another number of positions.
/// </summary>
public sealed class TranslationTests : MirrorTest
{
    internal const string Variable = "MIRROR_POSITIONS";
    private const int DefaultPositions = 10_000;
    private const int Partitions = 3;
    private readonly Random _random = new(1);

    private static int Positions => int.TryParse(Environment.GetEnvironmentVariable(Variable), out var asked) ? asked : DefaultPositions;

    [Fact]
    public async Task A_translated_position_reads_exactly_the_next_record()
    {
        await EnsureAsync("t", Partitions, spec => spec with { Compaction = new Compaction(TimeSpan.FromHours(1), TimeSpan.FromHours(100)) });

        // Written, compacted, copied and compacted again in turns, so that gaps differ; commits of very different sizes.
        for (var round = 0; round < 6; round++)
        {
            await AppendAsync(3000);
            LogTime.Advance(TimeSpan.FromHours(1.5));
            if (round % 2 == 0)
            {
                await Source.Log.MaintainAsync(Token);
            }

            await CopyAsync(Options with { CommitBytes = 1 << _random.Next(10, 20) });
            if (round % 3 == 1)
            {
                await Target.Log.MaintainAsync(Token);
            }
        }

        await AppendAsync(500);
        using var mirror = Mirror(Options with { CommitBytes = 20_000 });
        await mirror.CatchUpAsync(Token);
        var (source, target) = (await ReadAsync(Source.Log), await ReadAsync(Target.Log));
        for (var number = 0; number < Partitions; number++)
        {
            source[number].Select(record => record.Offset).ShouldNotBe(target[number].Select(record => record.Offset), "offsets differ, or nothing is proved");
        }

        var there = Texts(target);
        for (var i = 0; i < Positions; i++)
        {
            var number = _random.Next(Partitions);
            var offset = _random.NextInt64(mirror.PositionOf(new("t", number))!.Value + 1);
            var translated = (await mirror.TranslateAsync(new("t", number), offset, Token))!.Value;
            Next(target[number], translated).ShouldBe(NextCopied(source[number], there[number], offset), $"{number}: {offset} → {translated}");
        }

        (await mirror.TranslateAsync(new("t", 0), mirror.PositionOf(new("t", 0))!.Value + 1, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Groups_are_kept_in_step_and_go_on_at_the_next_record()
    {
        await EnsureAsync("t", Partitions, spec => spec with { Compaction = new Compaction(TimeSpan.FromHours(1), TimeSpan.FromHours(100)) });
        await AppendAsync(2000);
        LogTime.Advance(TimeSpan.FromHours(2));
        await AppendAsync(2000);
        await Source.Log.MaintainAsync(Token);

        using var mirror = Mirror();
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        await using var writer = await Source.Log.OpenWriterAsync("clients", Token);
        var source = await ReadAsync(Source.Log);
        for (var round = 0; round < 30; round++)
        {
            // Groups move forward, and one back, as a client that begins again does.
            var positions = new Dictionary<TopicPartition, GroupPosition>();
            var commit = new AtomicBatch();
            for (var number = 0; number < Partitions; number++)
            {
                var end = (await Source.Log.GetRangeAsync(new("t", number), Token)).End;
                positions[new("t", number)] = new GroupPosition(round == 29 ? 1 : _random.NextInt64(end + 1), $"слово {round}");
                commit.SetPosition("readers", new("t", number), positions[new("t", number)]);
            }

            await writer.CommitAsync(commit, Token);
            await EventuallyAsync(() => Target.Log.GetPositionsAsync("readers", Token).AsTask().Result is { Count: Partitions } there
                && there.Values.All(position => position.Metadata == $"слово {round}"));
            var moved = await Target.Log.GetPositionsAsync("readers", Token);
            var target = await ReadAsync(Target.Log);
            var there = Texts(target);
            foreach (var (name, position) in positions)
            {
                Next(target[name.Partition], moved[name].Offset).ShouldBe(NextCopied(source[name.Partition], there[name.Partition], position.Offset), $"{name} {position.Offset}");
            }
        }

        mirror.Status.Groups.ShouldHaveSingleItem().Group.ShouldBe("readers");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_position_that_clients_moved_on_the_target_is_theirs()
    {
        await EnsureAsync("t");
        await Source.Log.AppendAsync("t", Enumerable.Range(0, 100).Select(i => Record($"{i}", "x")).ToArray(), Token);
        await SetAsync(Source.Log, 10);
        await CopyAsync();
        (await PositionAsync()).ShouldBe(10);

        await SetAsync(Target.Log, 50);
        await SetAsync(Source.Log, 20);
        await CopyAsync();
        (await PositionAsync()).ShouldBe(50);

        await SetAsync(Source.Log, 60);
        await CopyAsync();
        (await PositionAsync()).ShouldBe(60);

        async Task SetAsync(IEventLog log, long offset)
        {
            await using var writer = await log.OpenWriterAsync("clients", Token);
            var commit = new AtomicBatch();
            commit.SetPosition("g", new("t", 0), new GroupPosition(offset));
            await writer.CommitAsync(commit, Token);
        }

        async Task<long> PositionAsync() => (await Target.Log.GetPositionsAsync("g", Token))[new("t", 0)].Offset;
    }

    private async Task AppendAsync(int count) => await Source.Log.AppendAsync(
        "t", Enumerable.Range(0, count).Select(_ => Record($"{_random.Next(1500)}", $"{_random.NextInt64()}", _random.Next(Partitions))).ToArray(), Token);

    /// <summary>The first record at or after a position, or null at the end.</summary>
    private static string? Next(List<(long Offset, string Text)> records, long position) => records.Find(record => record.Offset >= position).Text;

    /// <summary>The record that comes next in the source, of those that the target has not compacted away.</summary>
    private static string? NextCopied(List<(long Offset, string Text)> source, HashSet<string> there, long position) =>
        source.Find(record => record.Offset >= position && there.Contains(record.Text)).Text;

    private static HashSet<string>[] Texts(List<(long Offset, string Text)>[] records) => [.. records.Select(partition => partition.Select(record => record.Text).ToHashSet())];

    private async Task<List<(long Offset, string Text)>[]> ReadAsync(IEventLog log)
    {
        var all = await LogDump.ReadAsync(log, "t", Token);
        return [.. Enumerable.Range(0, Partitions).Select(number => all.Where(record => record.Partition == number).Select(record => (record.Offset, $"{record.Key}={record.Text}")).ToList())];
    }
}

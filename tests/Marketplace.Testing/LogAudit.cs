using System.Globalization;
using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.Topics;

namespace Marketplace.Testing;

/// <summary>
/// Checks a log against the filter's guarantee, record by record: every shop record has exactly one verdict, and it is
/// the one that the banned list gives at the recorded position and instant; what is on sale in the end is what the
/// newest products and the newest list say. Knows nothing of how the filter works.
/// </summary>
public sealed class LogAudit
{
    private readonly List<string> _faults = [];

    private LogAudit()
    {
    }

    public IReadOnlyList<string> Faults => _faults;

    public required IReadOnlyList<DumpedRecord> Shop { get; init; }

    public required IReadOnlyList<DumpedRecord> Filtered { get; init; }

    public required IReadOnlyList<DumpedRecord> Decisions { get; init; }

    public required BanHistory Bans { get; init; }

    public required long BanListEnd { get; init; }

    /// <summary>Ids that are on sale by the output.</summary>
    public IReadOnlySet<string> OnSale { get; private set; } = new HashSet<string>();

    /// <param name="finalInstant">The instant for which the final state is checked; null: it is not.</param>
    public static async Task<LogAudit> RunAsync(IEventLog log, DateTimeOffset? finalInstant, CancellationToken cancellationToken)
    {
        var audit = new LogAudit
        {
            Shop = await LogDump.ReadAsync(log, TopicNames.ShopProducts, cancellationToken),
            Filtered = await LogDump.ReadAsync(log, TopicNames.FilteredProducts, cancellationToken),
            Decisions = await LogDump.ReadAsync(log, TopicNames.FilterDecisions, cancellationToken),
            Bans = new BanHistory(await LogDump.ReadAsync(log, TopicNames.BannedProducts, cancellationToken)),
            BanListEnd = (await log.GetRangeAsync(new TopicPartition(TopicNames.BannedProducts, 0), cancellationToken)).End,
        };
        var positions = await log.GetPositionsAsync("filter", cancellationToken);
        var letters = (await LogDump.ReadAsync(log, TopicNames.DeadLetters, cancellationToken))
            .Select(l => (Partition: int.Parse(l.Headers["dlq-partition"]!, CultureInfo.InvariantCulture), Offset: long.Parse(l.Headers["dlq-offset"]!, CultureInfo.InvariantCulture)))
            .ToList();
        audit.CheckVerdicts(positions.ToDictionary(p => p.Key.Partition, p => p.Value.Offset), letters);
        audit.CheckOrder();
        audit.CheckFinalState(finalInstant, letters.ToHashSet());
        return audit;
    }

    private void CheckVerdicts(Dictionary<int, long> positions, List<(int Partition, long Offset)> deadLetters)
    {
        var decisions = Decisions.Select(Decision.Of).ToLookup(d => (d.Partition, d.Offset));
        var passed = Filtered.Where(r => r.Value is not null).ToLookup(r => (r.Partition, Offset: SourceOffset(r)));
        var dead = deadLetters.ToLookup(l => l);
        foreach (var record in Shop)
        {
            var at = (record.Partition, record.Offset);
            var said = decisions[at].ToList();
            var restored = said.Count(d => d.Verdict == "restored");
            var first = passed[at].Count() - restored;
            var verdicts = first + said.Count(d => d.Verdict is "banned") + (record.Value is null ? said.Count(d => d.Verdict is "withdrawn") : 0) + dead[at].Count();
            var judged = positions.TryGetValue(record.Partition, out var position) && record.Offset < position;
            if (verdicts != (judged ? 1 : 0))
            {
                _faults.Add($"shop {at}: {verdicts} verdicts, wanted {(judged ? 1 : 0)} (position {position}, passed {first}, {string.Join(' ', said)})");
            }

            foreach (var copy in passed[at])
            {
                CheckPassed(record, copy);
            }

            foreach (var decision in said)
            {
                CheckDecision(record, decision);
            }
        }
    }

    private void CheckPassed(DumpedRecord source, DumpedRecord copy)
    {
        if (copy.Key != source.Key || !copy.Value!.AsSpan().SequenceEqual(source.Value))
        {
            _faults.Add($"filtered {copy.Partition}:{copy.Offset} is not what the shop sent at {source.Offset}");
        }

        if (Bans.IsBanned(source.Key!, long.Parse(copy.Headers["ban-list"]!, CultureInfo.InvariantCulture), Instant(copy.Headers["as-of"]!)))
        {
            _faults.Add($"filtered {copy.Partition}:{copy.Offset} ({copy.Key}) passed though banned by list {copy.Headers["ban-list"]} at {copy.Headers["as-of"]}");
        }
    }

    private void CheckDecision(DumpedRecord source, Decision decision)
    {
        var banned = Bans.IsBanned(source.Key!, decision.BanList, decision.AsOf);
        var right = decision.Verdict switch
        {
            "banned" or "removed" => banned,
            "restored" => !banned,
            _ => source.Value is null,
        };
        if (!right || decision.ProductId != source.Key)
        {
            _faults.Add($"decision {decision} does not follow from the list (banned: {banned})");
        }
    }

    /// <summary>A partition's output never goes back to an older list or instant, and never says the same twice in a row.</summary>
    private void CheckOrder()
    {
        foreach (var partition in Filtered.GroupBy(r => r.Partition))
        {
            var (list, asOf) = (0L, DateTimeOffset.MinValue);
            var onSale = new Dictionary<string, bool>();
            foreach (var record in partition)
            {
                var (nextList, nextAsOf) = (long.Parse(record.Headers["ban-list"]!, CultureInfo.InvariantCulture), Instant(record.Headers["as-of"]!));
                if (nextList < list || nextAsOf < asOf)
                {
                    _faults.Add($"filtered {record.Partition}:{record.Offset} goes back from list {list} to {nextList}, {asOf:O} to {nextAsOf:O}");
                }

                if (record.Value is null && !onSale.GetValueOrDefault(record.Key!))
                {
                    _faults.Add($"filtered {record.Partition}:{record.Offset} removes {record.Key}, which was not on sale");
                }

                onSale[record.Key!] = record.Value is not null;
                (list, asOf) = (nextList, nextAsOf);
            }
        }
    }

    private void CheckFinalState(DateTimeOffset? instant, HashSet<(int Partition, long Offset)> deadLetters)
    {
        OnSale = Filtered.GroupBy(r => r.Key!).Where(g => g.Last().Value is not null).Select(g => g.Key).ToHashSet();
        if (instant is not { } now)
        {
            return;
        }

        var wanted = Shop.Where(r => r.Key is not null && !deadLetters.Contains((r.Partition, r.Offset))).GroupBy(r => r.Key!)
            .Where(g => g.Last().Value is not null && !Bans.IsBanned(g.Key, BanListEnd, now)).Select(g => g.Key).ToHashSet();
        _faults.AddRange(wanted.Except(OnSale).Select(id => $"{id} should be on sale and is not"));
        _faults.AddRange(OnSale.Except(wanted).Select(id => $"{id} is on sale and should not be"));
    }

    private static long SourceOffset(DumpedRecord record) => long.Parse(record.Headers["source-offset"]!, CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Decision(string ProductId, string Verdict, int Partition, long Offset, long BanList, DateTimeOffset AsOf)
    {
        public static Decision Of(DumpedRecord record)
        {
            using var json = JsonDocument.Parse(record.Value!);
            var root = json.RootElement;
            var source = root.GetProperty("source");
            return new Decision(
                root.GetProperty("product_id").GetString()!,
                root.GetProperty("verdict").GetString()!,
                source.GetProperty("partition").GetInt32(),
                source.GetProperty("offset").GetInt64(),
                root.GetProperty("ban_list").GetInt64(),
                Instant(root.GetProperty("as_of").GetString()!));
        }
    }
}

using System.Globalization;
using Marketplace.EventLog;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;

namespace Marketplace.Gateway.Tests.Topics;

/// <summary>A cluster gets its topics from <c>docker/setup/topics.tsv</c>, a gateway checks them against its own catalogue: the two say the same.</summary>
public sealed class TopicTableTests
{
    private const int ByKey = 7;

    private static readonly string[] Table = [.. File.ReadLines(Repository.Path("docker/setup/topics.tsv")).Where(line => line.Length > 0 && line[0] != '#')];

    public static TheoryData<string> Names => [.. Catalog.Keys];

    private static Dictionary<string, TopicSpec> Catalog => TopicCatalog.For(ByKey).ToDictionary(spec => spec.Name);

    /// <summary>Kafka Connect's own topics are none of the gateway's; the keys are one cluster's, and the second gets them from its mirror.</summary>
    [Fact]
    public void The_table_has_the_gateway_s_topics()
    {
        RowsOf("1").Keys.Where(name => !name.StartsWith("connect-", StringComparison.Ordinal)).ShouldBe(Catalog.Keys, ignoreOrder: true);
        RowsOf("2").Keys.ShouldBe(Catalog.Keys.Except([TopicNames.IdempotencyKeys]), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_topic_is_made_as_the_gateway_wants_it(string name)
    {
        var (spec, (partitions, settings)) = (Catalog[name], RowsOf("1")[name]);

        partitions.ShouldBe(spec.Partitions == ByKey ? "by-key" : Text(spec.Partitions));
        settings.ShouldBe(Wanted(spec), ignoreOrder: true);
    }

    private static Dictionary<string, string> Wanted(TopicSpec spec)
    {
        var wanted = spec.Compaction is { } compaction
            ? new Dictionary<string, string> { ["cleanup.policy"] = "compact", ["min.compaction.lag.ms"] = Text(compaction.Lag), ["delete.retention.ms"] = Text(compaction.TombstoneRetention) }
            : new Dictionary<string, string> { ["cleanup.policy"] = "delete", ["retention.ms"] = spec.RetentionTime is { } time ? Text(time) : "-1" };
        wanted["max.message.bytes"] = Text(spec.MaxMessageBytes);
        return wanted;
    }

    /// <summary>By topic: its partitions and settings as the table writes them.</summary>
    private static Dictionary<string, (string Partitions, Dictionary<string, string> Settings)> RowsOf(string cluster) => Table
        .Select(line => line.Split('\t'))
        .Where(row => row[0] == "both" || row[0] == cluster)
        .ToDictionary(row => row[1], row => (row[2], row[3].Split(',').Select(setting => setting.Split('=')).ToDictionary(pair => pair[0], pair => pair[1])));

    private static string Text(TimeSpan time) => Text((long)time.TotalMilliseconds);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

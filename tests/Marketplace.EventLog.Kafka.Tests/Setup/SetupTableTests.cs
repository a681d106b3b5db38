using Marketplace.EventLog.Kafka.Setup;
using Marketplace.Testing;

namespace Marketplace.EventLog.Kafka.Tests.Setup;

/// <summary>The tables of <c>docker/setup</c> are read, and a row that is wrong is named.</summary>
public sealed class SetupTableTests
{
    private static readonly string[] NoRows = [];

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void The_tables_of_docker_can_be_read(string cluster) =>
        Should.NotThrow(() => SetupTable.Parse(File.ReadLines(Repository.Path("docker/setup/topics.tsv")), File.ReadLines(Repository.Path("docker/setup/acls.tsv")), cluster, partitions: 6));

    [Theory]
    [InlineData("1\ta\tmany\tcleanup.policy=compact", "many")]
    [InlineData("1\ta\t6", "columns")]
    [InlineData("1\ta\t6\tcleanup.policy", "cleanup.policy")]
    public void A_wrong_topic_is_named(string row, string expected) =>
        Should.Throw<FormatException>(() => SetupTable.Parse([row], NoRows, "1", partitions: 6)).Message.ShouldContain(expected);

    [Theory]
    [InlineData("1\tfilter\tqueue\tliteral\tx\tRead", "queue")]
    [InlineData("1\tfilter\ttopic\tglob\tx\tRead", "glob")]
    [InlineData("1\tfilter\ttopic\tliteral\tx\tRead,Fly", "Fly")]
    [InlineData("1\tfilter\tcluster\tliteral\tx\tAlter", "kafka-cluster")]
    public void A_wrong_grant_is_named(string row, string expected) =>
        Should.Throw<FormatException>(() => SetupTable.Parse(NoRows, [row], "1", partitions: 6)).Message.ShouldContain(expected);
}

using System.Text;
using Marketplace.EventLog;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Tests.Filter;

public sealed class FilterProcessorTests
{
    /// <summary>A commit that only follows the banned list reads nothing. Without a position in it no group could refuse it when it comes from a member that slept while its partition was given away.</summary>
    [Fact]
    public async Task A_commit_that_read_nothing_holds_the_position_of_each_partition_it_writes_for()
    {
        var processor = new FilterProcessor(partitions: 2, new ProductLookup(null!), ProductInspection.Inspect);
        processor.Advance(BanList.Empty(), now: 0);
        var (id, partition) = (Encoding.UTF8.GetBytes("p"), new FilterPartition(1) { Position = 42 });
        partition.At(KeyHash.Of(id)) = new ProductState(5, onSale: true, withdrawn: true);
        processor.Add(new LoadedPartition(partition, default, new Dictionary<UInt128, byte[]> { [KeyHash.Of(id)] = id }, Scanned: 0));
        var output = new FilterOutput();

        await processor.ReconcileAsync(output, budget: long.MaxValue, TestContext.Current.CancellationToken);
        output.Seal(FilterService.Group);

        output.Batch.Outputs.Select(written => written.Topic).ShouldBe([TopicNames.FilteredProducts, TopicNames.FilterDecisions, TopicNames.FilterProgress]);
        output.Batch.Inputs.ShouldHaveSingleItem().ShouldBe(new AtomicBatch.Input(FilterService.Group, new TopicPartition(TopicNames.ShopProducts, 1), new GroupPosition(42)));
    }
}

using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Native;

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>
/// A coordinator takes a transaction's positions from a client without member and generation, whoever owns the partitions; so a
/// consumer that has lost its session must be told from a member before they are sent.
/// </summary>
public sealed class MembershipTests
{
    private const string Nowhere = "127.0.0.1:1";

    [Fact]
    public void A_consumer_that_is_not_in_its_group_is_no_member()
    {
        LibrdkafkaLibrary.EnsureLoaded();
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Nowhere, GroupId = "filter" }).Build();
        consumer.Subscribe("shop-products");
        using var membership = Membership.Of(consumer);
        membership.IsInvalid.ShouldBeFalse();
        membership.IsCurrent.ShouldBeFalse();
    }
}

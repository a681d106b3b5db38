namespace Marketplace.EventLog.Contract.Modelling;

/// <summary>Sequences of operations from a seed.</summary>
internal static class OperationGenerator
{
    private static readonly int[] Sizes = [0, 1, 10, 100, 1000, 5000, 70_000, 140_000, 300_000];

    public static IReadOnlyList<Operation> Generate(int seed, bool maintains, bool advances)
    {
        var random = new Random(seed);
        var keys = random.Next(1, 30);
        var operations = new List<Operation>();
        for (var count = random.Next(5, 80); count > 0; count--)
        {
            operations.Add(Next(random, keys, maintains, advances));
        }

        return operations;
    }

    private static Operation Next(Random random, int keys, bool maintains, bool advances) => random.Next(100) switch
    {
        < 30 => NextAppend(random, keys),
        < 45 => new Commit(NextItems(random, keys, null), random.Next(3) == 0 ? null : random.Next(1000), random.Next(3) == 0, random.Next(6) == 0),
        < 70 => new Read(random.Next(ModelRun.Readers)),
        < 75 => new Seek(random.Next(ModelRun.Readers), random.Next(ModelRun.Partitions), random.Next(1001)),
        < 82 => new CheckPartition(random.Next(ModelRun.Topics), random.Next(ModelRun.Partitions), random.Next(3) == 0 ? 1 : 1 << random.Next(6, 20)),
        < 90 when maintains => new Maintain(),
        < 97 when advances => new PassTime(TimeSpan.FromMinutes(random.Next(1, 90))),
        _ => new Reopen(),
    };

    private static Append NextAppend(Random random, int keys)
    {
        var topic = random.Next(ModelRun.Topics);
        return new Append(topic, NextItems(random, keys, topic));
    }

    private static Item[] NextItems(Random random, int keys, int? topic)
    {
        var items = new Item[random.Next(4) == 0 ? random.Next(1, 200) : random.Next(1, 8)];
        for (var i = 0; i < items.Length; i++)
        {
            var size = items.Length > 20 ? Sizes[random.Next(5)] : Sizes[random.Next(Sizes.Length)];
            items[i] = new Item(
                topic ?? random.Next(ModelRun.Topics),
                random.Next(ModelRun.Partitions),
                $"k{random.Next(keys)}",
                random.Next(6) == 0 ? null : size,
                random.Next(3) == 0,
                random.Next(8) == 0 ? random.Next(10_000_000) : null);
        }

        return items;
    }
}

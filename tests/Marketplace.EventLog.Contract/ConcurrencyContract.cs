using System.Collections.Concurrent;

namespace Marketplace.EventLog.Contract;

/// <summary>Everything at once, from a common start.</summary>
public abstract class ConcurrencyContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    private const int Callers = 16;

    [Fact]
    public async Task Concurrent_appends_are_all_there_once_each_callers_in_its_order()
    {
        var topic = await TopicAsync(partitions: 2);
        var receipts = new ConcurrentDictionary<(int, long), string>();
        await TogetherAsync(Callers, async caller =>
        {
            for (var i = 0; i < 50; i++)
            {
                var records = Enumerable.Range(0, 1 + (i % 3)).Select(part => Record($"c{caller}", $"{caller}:{i}:{part}", caller % 2)).ToArray();
                var positions = records.Length == 1 ? [await Log.AppendAsync(topic, records[0], Token)] : await Log.AppendAsync(topic, records, Token);
                for (var part = 0; part < records.Length; part++)
                {
                    receipts.TryAdd((positions[part].Partition, positions[part].Offset), Text(records[part].Value)!).ShouldBeTrue();
                }
            }
        });

        var read = (await ReadAllAsync(topic)).Concat(await ReadAllAsync(topic, 1)).ToList();
        read.ToDictionary(copy => (copy.Partition, copy.Offset), copy => copy.Value!).ShouldBe(receipts.ToDictionary(), ignoreOrder: true);
        foreach (var caller in read.GroupBy(copy => copy.Key))
        {
            var order = caller.Select(copy => copy.Value!.Split(':').Skip(1).Select(int.Parse).ToArray()).Select(parts => (parts[0], parts[1])).ToList();
            order.ShouldBe(order.Order());
        }
    }

    [Fact]
    public async Task Readers_beside_the_appends_see_every_record_once_and_in_order()
    {
        var topic = await TopicAsync();
        const int Each = 200;
        var readers = Enumerable.Range(0, 3).Select(number => Task.Run(async () =>
        {
            await using var reader = await ReaderAsync(topic, options: new ReaderOptions { MaxBatchBytes = 500 * (1 + number) });
            return await ReadUntilAsync(reader, read => read.Count >= Callers * Each);
        })).ToArray();
        await TogetherAsync(Callers, async caller =>
        {
            for (var i = 0; i < Each; i++)
            {
                await Log.AppendAsync(topic, Record($"c{caller}", $"{i}"), Token);
            }
        });

        foreach (var reader in readers)
        {
            var read = await reader;
            read.Count.ShouldBe(Callers * Each);
            read.Select(copy => copy.Offset).ShouldBeInOrder();
            read.Select(copy => copy.Offset).Distinct().Count().ShouldBe(read.Count);
        }
    }

    [Fact]
    public async Task An_atomic_commit_is_never_seen_in_part_by_one_partitions_reader()
    {
        var topic = await TopicAsync();
        const int Commits = 60;
        var reading = Task.Run(async () =>
        {
            await using var reader = await ReaderAsync(topic);
            var open = new Dictionary<string, int>();
            for (var seen = 0; seen < 4 * Commits * 5;)
            {
                using var batch = await reader.ReadAsync(Token);
                foreach (var copy in Copy.Of(batch!))
                {
                    seen++;
                    open[copy.Value!] = open.GetValueOrDefault(copy.Value!) + 1;
                }

                // The range's end never stands within a commit, so neither does a reader that has reached it.
                if (batch!.AtEnd)
                {
                    open.Values.ShouldAllBe(count => count == 5);
                }
            }
        });
        await TogetherAsync(4, async caller =>
        {
            await using var writer = await Log.OpenWriterAsync($"w{caller}-{topic}", Token);
            var batch = new AtomicBatch();
            for (var i = 0; i < Commits; i++)
            {
                batch.Clear();
                for (var part = 0; part < 5; part++)
                {
                    batch.Add(topic, Record("k", $"{caller}:{i}"));
                }

                await writer.CommitAsync(batch, Token);
            }
        });
        await reading;
    }

    [Fact]
    public async Task Of_writers_opened_at_once_one_remains()
    {
        var topic = await TopicAsync();
        var writers = new ConcurrentBag<IAtomicWriter>();
        await TogetherAsync(8, async _ => writers.Add(await Log.OpenWriterAsync($"w-{topic}", Token)));
        var committed = 0;
        await Task.WhenAll(writers.Select(async writer =>
        {
            var batch = new AtomicBatch();
            batch.Add(topic, Record("k", "v"));
            try
            {
                await writer.CommitAsync(batch, Token);
                Interlocked.Increment(ref committed);
            }
            catch (WriterFencedException)
            {
                // All but the last one opened.
            }
        }));

        committed.ShouldBe(1);
        (await ReadAllAsync(topic)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_cancelled_append_is_there_or_not_and_says_which_when_it_completed()
    {
        var topic = await TopicAsync();
        var acknowledged = new ConcurrentBag<string>();
        await TogetherAsync(Callers, async caller =>
        {
            for (var i = 0; i < 40; i++)
            {
                using var cancellation = new CancellationTokenSource();
                var append = Log.AppendAsync(topic, Record("k", $"{caller}:{i}"), cancellation.Token);
                if (i % 2 == 0)
                {
                    await cancellation.CancelAsync();
                }

                try
                {
                    await append;
                    acknowledged.Add($"{caller}:{i}");
                }
                catch (OperationCanceledException)
                {
                    // It may have been written all the same on an engine that had sent it already.
                }
            }
        });

        var read = (await ReadAllAsync(topic)).Select(copy => copy.Value!).ToList();
        read.Distinct().Count().ShouldBe(read.Count);
        acknowledged.Except(read).ShouldBeEmpty();
        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(Callers * 20);
    }

    /// <summary>Runs callers that begin at the same moment.</summary>
    private static async Task TogetherAsync(int callers, Func<int, Task> run)
    {
        using var start = new Barrier(callers);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return run(caller);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }
}

namespace Marketplace.Prometheus.Tests;

/// <summary>What is counted, by many threads and under many labels.</summary>
public sealed class RecordingTests
{
    private const int Threads = 8;
    private const int Measurements = 20_000;

    [Fact]
    public async Task Nothing_is_lost_between_threads_also_while_it_is_read_and_series_are_new()
    {
        using var test = new TestMeter();
        var counter = test.Meter.CreateCounter<long>("c");
        var sum = test.Meter.CreateCounter<double>("d");
        var histogram = test.Meter.CreateHistogram<double>("h", "s");
        using var barrier = new Barrier(Threads);
        var recording = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(thread);
                barrier.SignalAndWait();
                for (var n = 0; n < Measurements; n++)
                {
                    var tag = new KeyValuePair<string, object?>("k", random.Next(40));
                    counter.Add(1, tag);
                    sum.Add(0.5, tag);
                    histogram.Record(random.NextDouble() * 20, tag);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        var all = Task.WhenAll(recording);
        while (!all.IsCompleted)
        {
            var seen = test.Samples();
            Total(seen, "c_total").ShouldBeLessThanOrEqualTo(Threads * Measurements);
            await Task.Yield();
        }

        await all;
        var samples = test.Samples();
        Total(samples, "c_total").ShouldBe(Threads * Measurements);
        Total(samples, "d_total").ShouldBe(Threads * Measurements * 0.5);
        Total(samples, "h_seconds_count").ShouldBe(Threads * Measurements);
    }

    /// <summary>Random measurements against a dictionary that adds them up.</summary>
    [Fact]
    public void Samples_equal_those_of_a_naive_model()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            using var test = new TestMeter();
            var counter = test.Meter.CreateCounter<long>("c");
            var model = new Dictionary<string, double>(StringComparer.Ordinal);
            for (var n = 0; n < 500; n++)
            {
                var tags = RandomTags(random);
                var value = random.Next(100);
                counter.Add(value, tags);
                var labels = string.Join(",", tags.Where(tag => tag.Value is not null and not "").OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}=\"{Text(tag.Value!)}\""));
                var name = labels.Length == 0 ? "c_total" : $"c_total{{{labels}}}";
                model[name] = model.GetValueOrDefault(name) + value;
            }

            test.Samples().ShouldBe(model, ignoreOrder: true, $"seed {seed}");
        }
    }

    [Fact]
    public void Labels_without_end_take_memory_with_an_end()
    {
        using var test = new TestMeter(maxSeries: 10);
        var counter = test.Meter.CreateCounter<long>("c");
        for (var n = 0; n < 10_000; n++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", n));
        }

        var samples = test.Samples();
        samples.Count.ShouldBe(11);
        samples["c_total{otel_metric_overflow=\"true\"}"].ShouldBe(9_990);
    }

    [Fact]
    public void A_measurement_of_a_known_series_allocates_nothing()
    {
        using var test = new TestMeter();
        var counter = test.Meter.CreateCounter<long>("c");
        var histogram = test.Meter.CreateHistogram<double>("h", "s");
        object status = 202;
        void Measure()
        {
            counter.Add(1, new KeyValuePair<string, object?>("route", "/shop/products"), new KeyValuePair<string, object?>("status", status));
            histogram.Record(0.003, new KeyValuePair<string, object?>("route", "/shop/products"));
        }

        Measure();

        // The runtime itself allocates on a thread now and then; a measurement that does, does so every time.
        Enumerable.Range(0, 5).Min(_ => AllocatedBy(10_000, Measure)).ShouldBe(0);
    }

    private static long AllocatedBy(int times, Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < times; n++)
        {
            work();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static double Total(Dictionary<string, double> samples, string name) =>
        samples.Where(sample => sample.Key == name || sample.Key.StartsWith($"{name}{{", StringComparison.Ordinal)).Sum(sample => sample.Value);

    /// <summary>A few keys in any order, with values that are equal as texts though not as objects.</summary>
    private static KeyValuePair<string, object?>[] RandomTags(Random random)
    {
        string[] keys = ["a", "b", "c"];
        random.Shuffle(keys);
        return [.. keys.Take(random.Next(4)).Select(key => new KeyValuePair<string, object?>(key, random.Next(6) switch
        {
            0 => null,
            1 => "",
            2 => random.Next(3),
            3 => (long)random.Next(3),
            4 => random.Next(2) == 0,
            _ => $"{random.Next(3)}",
        }))];
    }

    private static string Text(object value) => value is bool flag ? flag ? "true" : "false" : $"{value}";
}

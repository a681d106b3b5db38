using System.Diagnostics.Metrics;
using Marketplace.Prometheus.Exposition;

namespace Marketplace.Prometheus.Tests;

/// <summary>The texts that Prometheus reads, to the letter.</summary>
public sealed class ExpositionTests
{
    [Fact]
    public void A_counter_has_its_unit_and_total_in_its_name()
    {
        using var test = new TestMeter();
        var counter = test.Meter.CreateCounter<long>("shop.appended.size", "By", "Bytes \"appended\",\nand a \\.");
        counter.Add(3, new KeyValuePair<string, object?>("topic", "a\"b\\c\nd"), new("partition", 2));
        counter.Add(4, new KeyValuePair<string, object?>("partition", 2L), new("topic", "a\"b\\c\nd"));

        test.Read().ShouldBe(
            """
            # HELP shop_appended_size_bytes_total Bytes "appended",\nand a \\.
            # TYPE shop_appended_size_bytes_total counter
            shop_appended_size_bytes_total{partition="2",topic="a\"b\\c\nd"} 7

            """.ReplaceLineEndings("\n"));
        test.Read(ExpositionFormat.OpenMetrics).ShouldBe(
            """
            # HELP shop_appended_size_bytes Bytes \"appended\",\nand a \\.
            # TYPE shop_appended_size_bytes counter
            # UNIT shop_appended_size_bytes bytes
            shop_appended_size_bytes_total{partition="2",topic="a\"b\\c\nd"} 7
            # EOF

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_histogram_has_cumulative_buckets_with_its_makers_bounds()
    {
        using var test = new TestMeter();
        var histogram = test.Meter.CreateHistogram("search.duration", "s", "Time.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2] });
        foreach (var value in new[] { 0.25, 0.5, 0.75, 4, double.NaN })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("kind", "x"));
        }

        test.Read().ShouldBe(
            """
            # HELP search_duration_seconds Time.
            # TYPE search_duration_seconds histogram
            search_duration_seconds_bucket{kind="x",le="0.5"} 2
            search_duration_seconds_bucket{kind="x",le="1"} 3
            search_duration_seconds_bucket{kind="x",le="2"} 3
            search_duration_seconds_bucket{kind="x",le="+Inf"} 4
            search_duration_seconds_sum{kind="x"} 5.5
            search_duration_seconds_count{kind="x"} 4

            """.ReplaceLineEndings("\n"));
        test.Read(ExpositionFormat.OpenMetrics).ShouldContain("le=\"1.0\"");
    }

    [Fact]
    public void A_gauge_shows_its_last_value_and_an_observed_one_only_what_is_observed_now()
    {
        using var test = new TestMeter();
        test.Meter.CreateGauge<double>("temperature", "Cel").Record(21.5);
        var observed = new List<Measurement<int>> { new(1, new KeyValuePair<string, object?>("p", 0)), new(2, new KeyValuePair<string, object?>("p", 1)) };
        test.Meter.CreateObservableGauge("lag.records", () => observed, "{record}");
        test.Samples().ShouldBe(new Dictionary<string, double> { ["lag_records{p=\"0\"}"] = 1, ["lag_records{p=\"1\"}"] = 2, ["temperature_celsius"] = 21.5 }, ignoreOrder: true);

        observed.RemoveAt(0);
        test.Samples().Keys.ShouldBe(["lag_records{p=\"1\"}", "temperature_celsius"], ignoreOrder: true);
    }

    [Fact]
    public void What_a_failing_callback_would_have_said_is_missing_and_the_rest_is_there()
    {
        using var test = new TestMeter();
        test.Meter.CreateObservableGauge<int>("broken", int () => throw new InvalidOperationException("broken"));
        test.Meter.CreateCounter<int>("whole").Add(1);
        test.Samples().Keys.ShouldBe(["whole_total"]);
        test.Failures.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("http.server.request.duration", "s", "http_server_request_duration_seconds")]
    [InlineData("dotnet.thread_pool.thread.count", "{thread}", "dotnet_thread_pool_thread")]
    [InlineData("disk.free", "By", "disk_free_bytes")]
    [InlineData("work.seconds", "s", "work_seconds")]
    [InlineData("rate", "By/s", "rate_bytes_per_second")]
    [InlineData("share", "1", "share_ratio")]
    [InlineData("9-lives total", "", "_9_lives")]
    public void Names_follow_the_conventions(string name, string unit, string expected)
    {
        using var test = new TestMeter();
        test.Meter.CreateUpDownCounter<long>(name, unit).Add(1);
        test.Samples().Keys.ShouldBe([expected]);
    }

    [Fact]
    public void Two_instruments_of_one_name_are_one_family_and_one_of_another_type_is_left_out()
    {
        using var test = new TestMeter();
        test.Meter.CreateCounter<long>("a.b").Add(1);
        test.Meter.CreateCounter<double>("a_b").Add(0.5);
        test.Meter.CreateGauge<double>("a.b").Record(9);
        test.Samples().ShouldBe(new Dictionary<string, double> { ["a_b_total"] = 1.5 });
    }
}

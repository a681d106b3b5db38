using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Marketplace.Prometheus.Exposition;

namespace Marketplace.Prometheus.Tests;

/// <summary>A meter that only its own registry sees.</summary>
internal sealed class TestMeter : IDisposable
{
    public TestMeter(int maxSeries = 1_000)
    {
        Meter = new Meter($"Test.{Guid.NewGuid():N}");
        Registry = new MetricRegistry(meter => ReferenceEquals(meter, Meter), Failures.Add, maxSeries);
    }

    public Meter Meter { get; }

    public MetricRegistry Registry { get; }

    public List<Exception> Failures { get; } = [];

    public string Read(ExpositionFormat format = ExpositionFormat.PrometheusText)
    {
        var output = new ArrayBufferWriter<byte>();
        Registry.Write(output, format);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The lines that are samples, each by what stands before its value.</summary>
    public Dictionary<string, double> Samples() => Read().Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToDictionary(
        line => line[..line.LastIndexOf(' ')],
        line => line[(line.LastIndexOf(' ') + 1)..] switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, var number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture) });

    public void Dispose()
    {
        Registry.Dispose();
        Meter.Dispose();
    }
}

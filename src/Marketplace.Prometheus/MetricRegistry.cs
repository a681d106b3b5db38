using System.Buffers;
using System.Diagnostics.Metrics;
using Marketplace.Prometheus.Exposition;
using Marketplace.Prometheus.Naming;
using Marketplace.Prometheus.Recording;

namespace Marketplace.Prometheus;

/// <summary>
/// Keeps what the process's meters measure and writes it out for Prometheus. A measurement costs one look-up and one addition on
/// memory of the processor's own: no lock, no allocation.
/// </summary>
public sealed class MetricRegistry : IDisposable
{
    /// <summary>.NET 10 publishes these as counters though they go up and down (OpenTelemetry's conventions say UpDownCounter).</summary>
    private static readonly string[] GaugesByMistakeCounters = ["dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length"];

    private readonly MeterListener _listener = new();
    private readonly Func<Meter, bool> _accept;
    private readonly Action<Exception>? _failed;
    private readonly int _maxSeries;
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _registering = new();
    private readonly Lock _collecting = new();
    private long _collection;

    /// <param name="accept">Which meters are kept.</param>
    /// <param name="failed">Told when callbacks of observed instruments fail; what they would have said is missing, the rest is written.</param>
    /// <param name="maxSeries">The most series of one instrument; what is beyond goes to one that says so.</param>
    public MetricRegistry(Func<Meter, bool> accept, Action<Exception>? failed = null, int maxSeries = 1_000)
    {
        (_accept, _failed, _maxSeries) = (accept, failed, maxSeries);
        _listener.InstrumentPublished = Register;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, recorder) => ((InstrumentRecorder)recorder!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, recorder) => ((InstrumentRecorder)recorder!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, recorder) => ((InstrumentRecorder)recorder!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, recorder) => ((InstrumentRecorder)recorder!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, recorder) => ((InstrumentRecorder)recorder!).Record((double)value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, recorder) => ((InstrumentRecorder)recorder!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, recorder) => ((InstrumentRecorder)recorder!).Record((double)value, tags));
        _listener.Start();
    }

    /// <summary>The collection under way, or the last one.</summary>
    internal long Collection => Volatile.Read(ref _collection);

    /// <summary>Asks the observed instruments and writes all that is known.</summary>
    public void Write(IBufferWriter<byte> output, ExpositionFormat format)
    {
        lock (_collecting)
        {
            var collection = Interlocked.Increment(ref _collection);
            Observe();
            MetricFamily[] families;
            lock (_registering)
            {
                families = [.. _families.Values];
            }

            var writer = new ExpositionWriter(output, format);
            foreach (var family in families)
            {
                writer.Write(family, family.Read(collection));
            }

            writer.End();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException e)
        {
            _failed?.Invoke(e);
        }
    }

    private void Register(Instrument instrument, MeterListener listener)
    {
        if (!_accept(instrument.Meter) || KindOf(instrument) is not { } kind)
        {
            return;
        }

        var unit = UnitName.Of(instrument.Unit, kind.Type == MetricType.Gauge);
        var name = MetricName.Of(instrument.Name, unit);
        var bounds = kind.Type == MetricType.Histogram ? HistogramBounds.Of(instrument) : [];
        var recorder = new InstrumentRecorder(
            kind.Type == MetricType.Histogram ? labels => new HistogramSeries(labels, bounds)
            : kind.IsSum ? labels => new SumSeries(labels)
            : labels => new ValueSeries(labels, instrument.IsObservable ? this : null),
            _maxSeries);
        lock (_registering)
        {
            if (!_families.TryGetValue(name, out var family))
            {
                var help = string.IsNullOrWhiteSpace(instrument.Description) ? instrument.Name : instrument.Description;
                _families.Add(name, family = new MetricFamily(name, kind.Type, unit, help, bounds));
            }
            else if (!family.Fits(kind.Type, unit, bounds))
            {
                // Two things under one name cannot be told apart; the first one keeps it.
                return;
            }

            family.Add(recorder, kind.IsSum || kind.Type == MetricType.Counter);
        }

        listener.EnableMeasurementEvents(instrument, recorder);
    }

    /// <summary>What Prometheus takes the instrument for, and whether its measurements are to be added up.</summary>
    private static (MetricType Type, bool IsSum)? KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return generic switch
        {
            _ when generic == typeof(Counter<>) => (MetricType.Counter, true),
            _ when generic == typeof(UpDownCounter<>) => (MetricType.Gauge, true),
            _ when generic == typeof(Histogram<>) => (MetricType.Histogram, false),
            _ when generic == typeof(Gauge<>) => (MetricType.Gauge, false),
            _ when generic == typeof(ObservableCounter<>) => (GaugesByMistakeCounters.Contains(instrument.Name) ? MetricType.Gauge : MetricType.Counter, false),
            _ when generic == typeof(ObservableGauge<>) || generic == typeof(ObservableUpDownCounter<>) => (MetricType.Gauge, false),
            _ => null,
        };
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Marketplace.Gateway.Telemetry;

/// <summary>The process and the disk of its state; processor, memory and collections are told by .NET's own meter.</summary>
internal sealed class ProcessMetrics
{
    public ProcessMetrics(IMeterFactory meters, TimeProvider time, string dataPath)
    {
        var meter = meters.Create("Marketplace.Process");
        var started = StartTime(time);
        meter.CreateObservableGauge("process.start_time", () => started, "s", "When the process started, in seconds since the Unix epoch.");
        meter.CreateObservableGauge("marketplace.data.disk.free", () => Disk(dataPath).AvailableFreeSpace, "By", "Free bytes on the disk of the data folder.");
        meter.CreateObservableGauge("marketplace.data.disk.size", () => Disk(dataPath).TotalSize, "By", "Size of the disk of the data folder.");
    }

    private static double StartTime(TimeProvider time)
    {
        using var process = Process.GetCurrentProcess();
        var age = TimeProvider.System.GetUtcNow().UtcDateTime - process.StartTime.ToUniversalTime();
        return (time.GetUtcNow() - age).ToUnixTimeMilliseconds() / 1000d;
    }

    private static DriveInfo Disk(string path) => new(Path.GetFullPath(path));
}

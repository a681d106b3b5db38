using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Marketplace.Benchmarks.Reporting;

/// <summary>The machine that the figures belong to.</summary>
/// <param name="FileSystem">Of the folder that is written to: on a file system in memory an fsync costs nothing.</param>
/// <param name="FsyncMilliseconds">Median time of appending 4 KiB and flushing it to the disk.</param>
internal sealed record Machine(string System, string Runtime, int Cores, double MemoryGigabytes, string FileSystem, double FsyncMilliseconds)
{
    private const int Flushes = 64;
    private const int FlushBytes = 4096;

    public static Machine Look(string folder) => new(
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9,
        new DriveInfo(folder).DriveFormat,
        MeasureFlush(folder));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{System}, {Runtime}, {Cores} cores, {MemoryGigabytes:0} GB, {FileSystem}, fsync {FsyncMilliseconds:0.00} ms");

    private static double MeasureFlush(string folder)
    {
        var path = Path.Combine(folder, $"fsync-{Environment.ProcessId}");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        var page = new byte[FlushBytes];
        return Statistics.Median(Enumerable.Range(0, Flushes).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            file.Write(page);
            file.Flush(flushToDisk: true);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }).ToArray());
    }
}

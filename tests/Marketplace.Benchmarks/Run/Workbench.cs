using Marketplace.Benchmarks.Reporting;

namespace Marketplace.Benchmarks.Run;

/// <summary>What the benchmarks of one run share: options, the report, and a folder that is gone when the run ends.</summary>
internal sealed class Workbench : IDisposable
{
    private readonly string _root;
    private int _folders;

    public Workbench(BenchmarkOptions options, Report report)
    {
        (Options, Report) = (options, report);
        _root = Path.Combine(options.Work, $"marketplace-benchmarks-{Environment.ProcessId}");
        Directory.CreateDirectory(_root);
    }

    public BenchmarkOptions Options { get; }

    public Report Report { get; }

    /// <summary>A new empty folder.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_root, $"{name}-{++_folders}")).FullName;

    public void Dispose()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }
}

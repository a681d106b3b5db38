using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Marketplace.Gateway.Hosting;

/// <summary>
/// Threads of a lower priority for work that can wait a moment: when the processor is short, requests and the log go first and
/// this takes what they leave, which the operating system never lets become nothing. What is started here continues here.
/// </summary>
public sealed partial class BackgroundLane : TaskScheduler, IDisposable
{
    /// <summary>Linux: about a third of the weight of a normal thread.</summary>
    private const int Niceness = 5;

    private readonly BlockingCollection<Task> _tasks = [];

    public BackgroundLane(string name, int threads)
    {
        MaximumConcurrencyLevel = threads;
        for (var i = 0; i < threads; i++)
        {
            new Thread(Run) { IsBackground = true, Name = name, Priority = ThreadPriority.BelowNormal }.Start();
        }
    }

    public override int MaximumConcurrencyLevel { get; }

    /// <summary>Runs work here, with all that follows its awaits.</summary>
    public Task RunAsync(Func<Task> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public void Dispose() => _tasks.CompleteAdding();

    protected override void QueueTask(Task task)
    {
        if (!_tasks.IsAddingCompleted)
        {
            _tasks.Add(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    private void Run()
    {
        if (OperatingSystem.IsLinux())
        {
            // .NET leaves thread priorities alone there; for the system a thread is a process of its own, and 0 is the caller.
            _ = SetPriority(which: 0, who: 0, Niceness);
        }

        foreach (var task in _tasks.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}

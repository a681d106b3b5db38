using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Marketplace.Gateway.Hosting;

/// <summary>
/// Threads of a lower priority for work that can wait a moment: when the processor is short, requests and the log go first and
/// this takes what they leave, which the operating system never lets become nothing. What is started here continues here.
/// </summary>
public sealed partial class BackgroundLane : TaskScheduler, IDisposable
{
    /// <summary>Linux: about a tenth of the weight of a normal thread.</summary>
    private const int Niceness = 10;

    private readonly Queue<Task> _tasks = new();
    private bool _closed;

    public BackgroundLane(string name, int threads)
    {
        MaximumConcurrencyLevel = threads;
        for (var i = 0; i < threads; i++)
        {
            new Thread(Run) { IsBackground = true, Name = name }.Start();
        }
    }

    public override int MaximumConcurrencyLevel { get; }

    /// <summary>Runs work here, with all that follows its awaits.</summary>
    public Task RunAsync(Func<Task> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>The caller goes on here, with all that follows its awaits; or, where it may not wait, at the pool's ordinary priority.</summary>
    public LaneEntry EnterAsync(bool unless) => new(this, unless);

    /// <summary>Ends the threads when they have done what waits; what comes later is dropped.</summary>
    public void Dispose()
    {
        lock (_tasks)
        {
            _closed = true;
            Monitor.PulseAll(_tasks);
        }
    }

    /// <summary>Gives the thread that calls it the same lower priority.</summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux())
        {
            // .NET leaves thread priorities alone there; for the system a thread is a process of its own, and 0 is the caller.
            _ = SetPriority(which: 0, who: 0, Niceness);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_tasks)
        {
            if (!_closed)
            {
                _tasks.Enqueue(task);
                Monitor.Pulse(_tasks);
            }
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_tasks)
        {
            return [.. _tasks];
        }
    }

    private void Run()
    {
        Lower();
        while (TryTake(out var task))
        {
            TryExecuteTask(task);
        }
    }

    /// <summary>Waits without spinning: a thread that waits must not take what the others need.</summary>
    private bool TryTake([NotNullWhen(true)] out Task? task)
    {
        lock (_tasks)
        {
            while (!_tasks.TryDequeue(out task))
            {
                if (_closed)
                {
                    return false;
                }

                Monitor.Wait(_tasks);
            }

            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}

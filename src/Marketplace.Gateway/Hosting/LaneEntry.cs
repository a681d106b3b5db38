using System.Runtime.CompilerServices;

namespace Marketplace.Gateway.Hosting;

/// <summary>To be awaited: what follows runs in the lane, or on the pool; at once if it does already.</summary>
public readonly struct LaneEntry(BackgroundLane lane, bool pool) : INotifyCompletion
{
    public bool IsCompleted => TaskScheduler.Current == Destination;

    private TaskScheduler Destination => pool ? TaskScheduler.Default : lane;

    public LaneEntry GetAwaiter() => this;

    public void OnCompleted(Action continuation) => Task.Factory.StartNew(continuation, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Destination);

    public void GetResult()
    {
    }
}

using System.Runtime.ExceptionServices;

namespace Marketplace.Search.Matching;

/// <summary>
/// Lets idle processors take a part in a query that has much to read, so that it is answered sooner; only as far as no other query wants
/// the processors, as the same work is then done with more to hand over.
/// </summary>
internal static class SharedRun
{
    private const int MaxProcessors = 4;

    private static int s_running;

    /// <summary>To be called when a query begins, and <see cref="End"/> when it has ended.</summary>
    public static void Begin() => Interlocked.Increment(ref s_running);

    public static void End() => Interlocked.Decrement(ref s_running);

    /// <summary>
    /// Runs work that divides itself, by what each takes of it, here and on idle processors. One that has not begun when this one has
    /// ended is not waited for: nothing is left for it then, and to wake it may take longer than the work.
    /// </summary>
    /// <returns>What each has done.</returns>
    public static List<T> Run<T>(Func<T> work)
        where T : class
    {
        var helpers = new Helper<T>[Math.Clamp(Environment.ProcessorCount / Math.Max(1, Volatile.Read(ref s_running)), 1, MaxProcessors) - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(helpers[i] = new Helper<T>(work), preferLocal: false);
        }

        List<T> done = [];
        try
        {
            done.Add(work());
        }
        finally
        {
            // Also when this one has failed: what they work with is the caller's.
            foreach (var helper in helpers)
            {
                helper.Dispose();
            }
        }

        foreach (var helper in helpers)
        {
            if (helper.Take() is { } result)
            {
                done.Add(result);
            }
        }

        return done;
    }

    private sealed class Helper<T>(Func<T> work) : IThreadPoolWorkItem, IDisposable
        where T : class
    {
        private readonly ManualResetEventSlim _ended = new();
        private int _taken;
        private T? _result;
        private ExceptionDispatchInfo? _failure;

        public void Execute()
        {
            if (!TryTake())
            {
                return;
            }

            try
            {
                _result = work();
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }

            _ended.Set();
        }

        /// <summary>Waits for it where it has begun; where it has not, it will not.</summary>
        public void Dispose()
        {
            if (!TryTake())
            {
                _ended.Wait();
            }

            _ended.Dispose();
        }

        /// <summary>What it has done, null when it has not begun; throws why it has failed. To be called when it is disposed of.</summary>
        public T? Take()
        {
            _failure?.Throw();
            return _result;
        }

        private bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;
    }
}

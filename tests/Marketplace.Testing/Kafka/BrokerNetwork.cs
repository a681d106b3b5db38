using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Marketplace.Testing.Kafka;

/// <summary>How the network between a broker and its clients is.</summary>
public enum NetworkState
{
    Fine,

    /// <summary>Connections end at once, and there are no new ones.</summary>
    Cut,

    /// <summary>Connections stay, and nothing comes through until it is better.</summary>
    Silent,

    /// <summary>All that comes through is late.</summary>
    Slow,
}

/// <summary>A proxy before one broker, by which the network of its clients is made bad; the brokers' own stays as it is.</summary>
public sealed class BrokerNetwork : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(300);

    private readonly int _target;
    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<Socket, bool> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private volatile NetworkState _state;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="target">The broker's own port.</param>
    public BrokerNetwork(int target)
    {
        (_target, Port) = (target, Ports.Free());
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public int Port { get; }

    public NetworkState State
    {
        get => _state;
        set
        {
            lock (_gate)
            {
                _state = value;
                _changed.SetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (value == NetworkState.Cut)
            {
                CloseAll();
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        CloseAll();
        _stop.Dispose();
    }

    private void CloseAll()
    {
        foreach (var socket in _open.Keys)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy is going.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        (_open[client], _open[broker]) = (true, true);
        try
        {
            if (_state == NetworkState.Cut)
            {
                return;
            }

            await broker.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), _stop.Token);
            await Task.WhenAny(PumpAsync(client, broker), PumpAsync(broker, client));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The broker is down, or the proxy is going.
        }
        finally
        {
            client.Dispose();
            broker.Dispose();
            _open.TryRemove(client, out _);
            _open.TryRemove(broker, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                await DelayAsync();
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side has gone.
        }
    }

    private async Task DelayAsync()
    {
        if (_state == NetworkState.Slow)
        {
            await Task.Delay(Lateness, _stop.Token);
        }

        while (Changed() is { } changed)
        {
            await changed.WaitAsync(_stop.Token);
        }

        Task? Changed()
        {
            lock (_gate)
            {
                return _state == NetworkState.Silent ? _changed.Task : null;
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Marketplace.Testing;

/// <summary>
/// Ports to listen on, below those that the kernel gives to outgoing connections: such a one may be taken by any client between
/// being found free and being listened on, or while its server is being started again. Test processes that run at once have
/// different blocks of them, each by a file that its process keeps locked.
/// </summary>
public static class Ports
{
    private const int First = 10_000;
    private const int Blocks = 110;
    private const int BlockSize = 200;

    private static readonly Lock Gate = new();
    private static readonly List<FileStream> Locks = [];
    private static int _next;
    private static int _end;

    /// <summary>
    /// A port that nobody listens on, and that no test process has been given. It is only bound to find out: a listener,
    /// however short, would take the connection of a test in another process that waits for its server on this port.
    /// </summary>
    public static int Free()
    {
        lock (Gate)
        {
            while (true)
            {
                if (_next == _end)
                {
                    _next = TakeBlock();
                    _end = _next + BlockSize;
                }

                var port = _next++;
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                    return port;
                }
                catch (SocketException)
                {
                    // Taken; the next one.
                }
            }
        }
    }

    /// <summary>The first port of a block that is this process's until it ends. Which is tried first is random: servers of one that has just been given back may still be ending.</summary>
    private static int TakeBlock()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "marketplace-ports")).FullName;
        var start = Random.Shared.Next(Blocks);
        for (var tried = 0; tried < Blocks; tried++)
        {
            var block = (start + tried) % Blocks;
            try
            {
                Locks.Add(new FileStream(Path.Combine(folder, $"{block}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                return First + (block * BlockSize);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another's; the next one.
            }
        }

        throw new InvalidOperationException($"All {Blocks} blocks of ports are taken, by the locks in {folder}.");
    }
}

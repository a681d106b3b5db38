using System.Net;
using System.Net.Sockets;

namespace Marketplace.Testing;

/// <summary>
/// Ports to listen on, below those that the kernel gives to outgoing connections: such a one may be taken by any client between
/// being found free and being listened on, or while its server is being started again.
/// </summary>
public static class Ports
{
    private const int First = 10_000;
    private const int Last = 32_000;

    /// <summary>Test processes that run at once begin at different places.</summary>
    private static int _last = Random.Shared.Next(Last - First);

    /// <summary>
    /// A port that nobody listens on, and that this process has not been given for long. It is only bound to find out: a listener,
    /// however short, would take the connection of a test in another process that waits for its server on this port.
    /// </summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _last) % (Last - First));
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

namespace Marketplace.Recommendations.Clients;

/// <summary>What an action says of a client's interest, the stronger the higher.</summary>
internal enum ActionKind : byte
{
    View,
    AddToCart,
    Purchase,
    Liked,
    Disliked,
}

/// <summary>One action; packed in 8 bytes it is read and written whole.</summary>
/// <param name="Seconds">Since the Unix epoch.</param>
internal readonly record struct ClientAction(int Item, ActionKind Kind, uint Seconds)
{
    private const int KindShift = 32;
    private const int ItemShift = 36;
    private const ulong KindMask = 0xf;

    public ClientAction(ulong packed)
        : this((int)(packed >> ItemShift), (ActionKind)((packed >> KindShift) & KindMask), (uint)packed)
    {
    }

    public ulong Packed => ((ulong)Item << ItemShift) | ((ulong)Kind << KindShift) | Seconds;
}

/// <summary>
/// A client's latest actions, the oldest first, in the log's order. Actions are only ever appended or replaced in place, and a
/// full array is left behind for a new one: a reader needs no lock. Layout: how many, then the packed actions.
/// </summary>
internal static class ActionSequence
{
    private const int FirstCapacity = 3;

    public static ReadOnlySpan<ulong> Latest(ulong[]? sequence, int length)
    {
        if (sequence is null)
        {
            return [];
        }

        var count = (int)Volatile.Read(ref sequence[0]);
        var kept = Math.Min(count, length);
        return sequence.AsSpan(1 + count - kept, kept);
    }

    /// <param name="length">How many actions count; up to twice as many are held, so that most appends move nothing.</param>
    public static void Append(ref ulong[]? sequence, ClientAction action, int length)
    {
        if (sequence is null || (int)sequence[0] == sequence.Length - 1)
        {
            Volatile.Write(ref sequence, MakeRoom(sequence, length));
        }

        var count = (int)sequence[0];
        sequence[1 + count] = action.Packed;
        Volatile.Write(ref sequence[0], (ulong)(count + 1));
    }

    private static ulong[] MakeRoom(ulong[]? sequence, int length)
    {
        var capacity = sequence is null ? 0 : sequence.Length - 1;
        var latest = Latest(sequence, capacity < 2 * length ? capacity : length - 1);
        var roomy = new ulong[1 + Math.Min(Math.Max(FirstCapacity, 2 * capacity), 2 * length)];
        latest.CopyTo(roomy.AsSpan(1));
        roomy[0] = (ulong)latest.Length;
        return roomy;
    }

    /// <summary>Replaces the action at this distance from the newest (0).</summary>
    public static void Replace(ulong[] sequence, int age, ClientAction action) =>
        Volatile.Write(ref sequence[(int)sequence[0] - age], action.Packed);
}

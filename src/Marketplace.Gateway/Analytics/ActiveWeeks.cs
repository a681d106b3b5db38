namespace Marketplace.Gateway.Analytics;

/// <summary>In which weeks a user did something: the first, and which of the 64 weeks from it on. Weeks begin on Thursdays, as the Unix epoch did.</summary>
internal struct ActiveWeeks
{
    public const int DaysPerWeek = 7;
    public const int Followed = 64;

    private ulong _active;

    /// <summary>Number of the week since the Unix epoch; meaningless while nothing was added.</summary>
    public int First { get; private set; }

    public readonly bool IsEmpty => _active == 0;

    /// <param name="later">Weeks after the first.</param>
    public readonly bool IsActive(int later) => (_active >> later & 1) != 0;

    public void Add(int week)
    {
        if (IsEmpty || week < First)
        {
            var shift = First - week;
            _active = IsEmpty || shift >= Followed ? 0 : _active << shift;
            First = week;
        }

        if (week - First < Followed)
        {
            _active |= 1UL << (week - First);
        }
    }
}

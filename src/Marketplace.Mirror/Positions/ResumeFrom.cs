using System.Globalization;

namespace Marketplace.Mirror;

/// <summary>Where a stopped partition goes on.</summary>
/// <param name="Offset">The offset, when <paramref name="Place"/> is <see cref="ResumePlace.Offset"/>.</param>
public readonly record struct ResumeFrom(ResumePlace Place, long Offset = 0)
{
    /// <summary>What <see cref="TryParse"/> takes, beside null.</summary>
    public const string Wanted = "position, beginning, latest or an offset";

    public static bool TryParse(string? text, out ResumeFrom from)
    {
        (from, var known) = text switch
        {
            null => (new ResumeFrom(ResumePlace.WhereItStopped), true),
            "position" => (new ResumeFrom(ResumePlace.Position), true),
            "beginning" => (new ResumeFrom(ResumePlace.Beginning), true),
            "latest" => (new ResumeFrom(ResumePlace.Latest), true),
            _ => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? (new ResumeFrom(ResumePlace.Offset, offset), true) : (default, false),
        };
        return known;
    }
}

public enum ResumePlace
{
    /// <summary>Nobody has said where: the position, but not after the target has taken over.</summary>
    WhereItStopped,

    /// <summary>Where it was, or at the beginning if that is gone.</summary>
    Position,

    /// <summary>All that the source holds is copied, after what the target has already.</summary>
    Beginning,

    /// <summary>Only what comes from now on.</summary>
    Latest,
    Offset,
}

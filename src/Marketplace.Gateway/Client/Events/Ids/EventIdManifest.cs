using System.Text.Json;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Client.Events.Ids;

/// <summary>What belongs together: the runs, and up to where in the topic they know every event. Replaced whole or not at all.</summary>
/// <param name="Seed">Of the hash, so that nobody outside can make ids that meet.</param>
/// <param name="Topic">The topic's identity: of another one nothing is known.</param>
/// <param name="Positions">By partition: the next offset.</param>
internal sealed record EventIdManifest(long Seed, Guid Topic, long[] Positions, string[] Runs)
{
    private const string FileName = "manifest.json";

    /// <summary>Null when there is none, or none that can be read.</summary>
    public static EventIdManifest? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<EventIdManifest>(File.ReadAllBytes(Path.Combine(folder, FileName)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Write(string folder) => StateFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this));
}

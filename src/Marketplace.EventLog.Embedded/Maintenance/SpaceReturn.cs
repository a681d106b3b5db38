using Marketplace.EventLog.Embedded.Writing;

namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>
/// Gives pages that deletion has freed back to the file system, in small transactions. A reserve stays: the next appends
/// need pages too, and moving the file's end about for nothing costs writes.
/// </summary>
internal sealed class SpaceReturn(BatchScan scan, LogWriter writer)
{
    private const int StepPages = 256;
    private const int LeastReserve = 512;

    /// <summary>The reserve is this part of the file; twice as much has to be free before anything is given back.</summary>
    private const int ReservePart = 10;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (free, all) = scan.CountPages();
        var reserve = Math.Max(LeastReserve, all / ReservePart);
        if (free < 2 * reserve)
        {
            return;
        }

        for (; free > reserve; free -= StepPages)
        {
            await writer.MaintainAsync(
                static connection =>
                {
                    connection.Execute($"PRAGMA incremental_vacuum({StepPages})");
                    return true;
                },
                null,
                cancellationToken).ConfigureAwait(false);
        }
    }
}

using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Spectre.Console;

namespace Marketplace.Cli.Banned;

/// <summary>Bans as a person reads them.</summary>
internal static class BanTable
{
    public static Table Of(IReadOnlyList<BanAnswer> bans, TimeProvider time)
    {
        var table = Screen.Table(Column.Id(bans.Select(ban => ban.ProductId)), "Причина", Column.Short("Действует до"));
        foreach (var ban in bans)
        {
            table.AddRow(Words.Markup(ban.ProductId), Words.Markup(ban.Reason), ban.ExpiresAt is { } end ? Words.Instant(end, time) : "бессрочно");
        }

        return table;
    }
}

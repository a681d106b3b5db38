using System.CommandLine;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Shop;

/// <summary>What shops do.</summary>
internal static class ShopCommands
{
    public static Command Create(CommandRunner runner) => new("shop", "Магазин: прислать товары, проверить, узнать путь товара, снять с продажи.")
    {
        SendCommand.Create(runner),
        CheckCommand.Create(runner),
        GetCommand.Create(runner),
        WithdrawCommand.Create(runner),
    };
}

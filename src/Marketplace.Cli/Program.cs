using System.Globalization;
using System.Text;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;

CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = new CultureInfo("ru");
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var terminal = Terminal.OfProcess();
return await new MarketplaceCommand(terminal).RunAsync(args, CancellationToken.None);

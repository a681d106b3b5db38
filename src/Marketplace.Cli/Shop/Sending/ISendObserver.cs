using Marketplace.Cli.Gateway;

namespace Marketplace.Cli.Shop.Sending;

/// <summary>Watches a sending as it goes on.</summary>
internal interface ISendObserver
{
    /// <param name="part">How much of the whole is durable, 0 to 1; null when the whole is not known.</param>
    void Advanced(SendReport report, double? part);

    void Refused(ProductResult product, long index);

    void Waiting(string reason, TimeSpan delay);
}

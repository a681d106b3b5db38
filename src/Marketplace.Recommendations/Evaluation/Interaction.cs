namespace Marketplace.Recommendations.Evaluation;

/// <summary>One line of a log to evaluate on: who did what with which item, by their numbers in the <see cref="InteractionLog"/>.</summary>
/// <param name="Time">Milliseconds since the Unix epoch; never falling within a user.</param>
public readonly record struct Interaction(int User, int Item, ClientEventKind Kind, long Time, byte Rating = 0)
{
    /// <summary>Whether the user turned to the item: what a recommendation tries to foresee.</summary>
    public bool IsChoice => Kind is ClientEventKind.View or ClientEventKind.AddToCart or ClientEventKind.Purchase;
}

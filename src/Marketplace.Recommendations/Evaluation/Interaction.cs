namespace Marketplace.Recommendations.Evaluation;

/// <summary>One line of a log to evaluate on: who did what with which item, by their numbers in the <see cref="InteractionLog"/>.</summary>
/// <param name="Time">Milliseconds since the Unix epoch; never falling within a user.</param>
public readonly record struct Interaction(int User, int Item, ClientEventKind Kind, long Time, byte Rating = 0);

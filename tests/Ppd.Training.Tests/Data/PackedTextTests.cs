using Ppd.Training.Data;

namespace Ppd.Training.Tests.Data;

public sealed class PackedTextTests
{
    [Fact]
    public void Documents_share_a_row_and_count_their_own_positions()
    {
        var row = PackedText.Pack([[1, 2, 3, 4], [5, 6, 7]], length: 8, count: 1).ShouldHaveSingleItem();
        row.Ids.ShouldBe([1, 2, 3, 4, 5, 6, 7, 0]);
        row.Positions.ShouldBe([0, 1, 2, 3, 0, 1, 2, 0]);
        row.Documents.ShouldBe([0, 0, 0, 0, 1, 1, 1, -1]);
    }

    [Fact]
    public void A_chain_hangs_only_where_its_guesses_have_tokens_to_be_compared_with()
    {
        // one prompt token behind place p guesses the token at p + 2
        PackedText.Pack([[1, 2, 3, 4], [5, 6, 7]], 8, count: 1)[0].Points.ShouldBe([0, 1, 4]);
        PackedText.Pack([[1, 2, 3, 4], [5, 6, 7, 8]], 8, count: 2)[0].Points.ShouldBe([0, 4]);
    }

    [Fact]
    public void A_long_document_is_cut_and_one_without_room_for_a_chain_left_out()
    {
        var rows = PackedText.Pack([[1, 2, 3, 4, 5, 6], [7, 8]], length: 3, count: 1);
        rows.Select(row => row.Ids).ShouldBe([[1, 2, 3], [4, 5, 6]]);
    }

    [Fact]
    public void A_continuation_is_measured_from_its_last_known_token_to_where_guesses_leave_it()
    {
        // tokens 0..9, the continuation starts at 6: a chain of 2 behind token 5 guesses 7 and 8, behind token 6 guesses 8 and 9
        new Continuation([.. Enumerable.Range(0, 10)], Start: 6).Points(2).ShouldBe([5, 6]);
    }
}

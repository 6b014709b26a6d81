#include "detect/proto/nfs/record_stream.hpp"

#include "tests/detect/proto/nfs/messages.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace cresset;
using namespace cresset::detect::proto::nfs;
using namespace cresset::test::nfs;

namespace {

struct feeder {
  record_stream stream;
  std::vector<std::string> seen; ///< "!" before one that was cut

  void operator()(std::string_view bytes, std::size_t piece = 1000) {
    for (std::size_t i = 0; i < bytes.size(); i += piece)
      stream.feed(as_bytes(bytes.substr(i, piece)), [&](byte_view m, bool cut) { take(m, cut); });
  }
  void lose(std::uint64_t size) {
    stream.lose(size, [&](byte_view m, bool cut) { take(m, cut); });
  }
  void take(byte_view message, bool is_cut) {
    seen.push_back((is_cut ? "!" : "") + std::string{as_text(message)});
  }
};

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(nfs_record_stream)

BOOST_AUTO_TEST_CASE(fragments_are_joined_however_the_bytes_come) {
  const auto bytes = u32(3) + "abc" + u32(0x80000002U) + "de" + record("next") + u32(2) + "xy" +
                     u32(0x80000000U) + record("last");
  for (const std::size_t piece : {1000U, 1U, 2U, 3U, 5U}) {
    feeder feed;
    feed(bytes, piece);
    BOOST_TEST(feed.seen == (texts{"abcde", "next", "xy", "last"}),
               boost::test_tools::per_element());
    BOOST_TEST(!feed.stream.is_open());
  }
}

BOOST_AUTO_TEST_CASE(a_record_without_content_is_no_message) {
  feeder feed;
  feed(record("") + record("one"));
  BOOST_TEST(feed.seen == (texts{"one"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_gap_within_a_record_cuts_its_message_and_no_other) {
  feeder feed;
  feed(u32(0x8000000aU) + "abc");
  feed.lose(4);
  feed("hij" + record("next"));
  BOOST_TEST(feed.seen == (texts{"!abc", "next"}), boost::test_tools::per_element());
  feed(u32(0x8000000aU) + "abc");
  feed.lose(7); // to the record's very end
  feed(record("more"));
  BOOST_TEST(feed.seen.back() == "more");
}

BOOST_AUTO_TEST_CASE(behind_a_longer_gap_the_next_call_or_reply_is_looked_for) {
  const auto wanted = call(1, 3, 0, "");
  const auto bytes = "rest of the lost one" + record(wanted) + record("x");
  for (const std::size_t piece : {1000U, 1U, 3U, 17U}) {
    feeder feed;
    feed(record("one"));
    feed.lose(100);
    feed(bytes, piece);
    BOOST_TEST(feed.seen == (texts{"one", wanted, "x"}), boost::test_tools::per_element());
  }
  feeder feed;
  feed(u32(0x80000020U) + "ab");
  feed.lose(100);
  feed("??" + record(reply(5, "")));
  BOOST_TEST(feed.seen == (texts{"!ab", reply(5, "")}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_length_that_none_can_have_is_no_record) {
  feeder feed;
  feed(u32(0xffffffffU) + "nonsense" + record(call(1, 3, 0, "")));
  BOOST_TEST(feed.seen == (texts{call(1, 3, 0, "")}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_a_message_over_the_limit_its_begin_is_given) {
  feeder feed;
  const std::string large(record_stream::limit_bytes + 10, 'x');
  feed(record(large) + record("next"), 65536);
  BOOST_REQUIRE(feed.seen.size() == 2U);
  BOOST_TEST(feed.seen[0].size() == 1 + record_stream::limit_bytes);
  BOOST_TEST(feed.seen[0].front() == '!');
  BOOST_TEST(feed.seen[1] == "next");
}

BOOST_AUTO_TEST_CASE(at_the_end_what_is_open_is_given_cut) {
  feeder feed;
  feed(u32(0x80000020U) + "ab");
  BOOST_TEST(feed.stream.is_open());
  feed.stream.end([&](byte_view m, bool cut) { feed.take(m, cut); });
  BOOST_TEST(feed.seen == (texts{"!ab"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

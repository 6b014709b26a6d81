#include "detect/proto/http2/hpack.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto::http2;
using cresset::test::from_hex;

namespace {

std::string text_of(const hpack_decoder::block& block) {
  std::string text;
  for (const auto& [name, value] : block.fields)
    text += name + "=" + value + "\n";
  return text;
}
std::string decode(hpack_decoder& with, const std::string& bytes) {
  hpack_decoder::block block;
  BOOST_CHECK(with.decode(as_bytes(bytes), block) == hpack_outcome::whole);
  return text_of(block);
}
hpack_outcome outcome_of(const std::string& bytes) {
  hpack_decoder one;
  hpack_decoder::block block;
  return one.decode(as_bytes(bytes), block);
}

} // namespace

BOOST_AUTO_TEST_SUITE(http2_hpack)

BOOST_AUTO_TEST_CASE(the_requests_of_the_standard_are_read) {
  // RFC 7541 C.4: three requests on one connection, with Huffman coding
  hpack_decoder one;
  BOOST_TEST(decode(one, from_hex("828684418cf1e3c2e5f23a6ba0ab90f4ff")) ==
             ":method=GET\n:scheme=http\n:path=/\n:authority=www.example.com\n");
  BOOST_TEST(one.table_bytes() == 57U);
  BOOST_TEST(decode(one, from_hex("828684be5886a8eb10649cbf")) ==
             ":method=GET\n:scheme=http\n:path=/\n:authority=www.example.com\n"
             "cache-control=no-cache\n");
  BOOST_TEST(decode(one, from_hex("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")) ==
             ":method=GET\n:scheme=https\n:path=/index.html\n:authority=www.example.com\n"
             "custom-key=custom-value\n");
  BOOST_TEST(one.table_bytes() == 164U);
}

BOOST_AUTO_TEST_CASE(old_entries_leave_a_full_table) {
  // RFC 7541 C.5: a table of 256 bytes; the size comes as an update in front
  hpack_decoder one;
  hpack_decoder::block first;
  const auto bytes =
      from_hex("3fe101"
               "4803333032580770726976617465611d4d6f6e2c203231204f63742032303133203230"
               "3a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d");
  BOOST_CHECK(one.decode(as_bytes(bytes), first) == hpack_outcome::whole);
  BOOST_REQUIRE(first.size_updates.size() == 1U);
  BOOST_TEST(first.size_updates[0] == 256U);
  BOOST_TEST(one.table_bytes() == 222U);
  BOOST_TEST(decode(one, from_hex("4803333037c1c0bf")) ==
             ":status=307\ncache-control=private\ndate=Mon, 21 Oct 2013 20:13:21 GMT\n"
             "location=https://www.example.com\n");
  BOOST_TEST(one.table_bytes() == 222U);
}

BOOST_AUTO_TEST_CASE(damage_breaks_the_table_for_good) {
  for (const auto* const bytes : {"80",         // index 0
                                  "be",         // an entry that is not there
                                  "4005616263", // a name cut short
                                  "418180",     // Huffman padding that is no padding
                                  "3fe2ff03"})  // a table larger than anybody needs
    BOOST_TEST_CONTEXT(bytes)
  BOOST_CHECK(outcome_of(from_hex(bytes)) == hpack_outcome::damaged);
  BOOST_CHECK(outcome_of(from_hex("7fffffffffffff01")) == hpack_outcome::integer_overflow);
  hpack_decoder one;
  hpack_decoder::block block;
  BOOST_CHECK(one.decode(as_bytes(from_hex("be")), block) == hpack_outcome::damaged);
  BOOST_CHECK(one.decode(as_bytes(from_hex("82")), block) == hpack_outcome::damaged);
}

BOOST_AUTO_TEST_CASE(a_small_block_cannot_make_much) {
  hpack_decoder one;
  hpack_decoder::block block;
  // an entry of 3,900 bytes, then named over and over
  std::string bytes = from_hex("40016e7fbd1d") + std::string(3900, 'v');
  bytes.append(60'000, static_cast<char>(0xbe));
  BOOST_CHECK(one.decode(as_bytes(bytes), block) == hpack_outcome::damaged);
  BOOST_TEST(block.fields.size() < 40U);
  BOOST_TEST(block.refused > 0U);
}

BOOST_AUTO_TEST_CASE(every_letter_survives_its_code) {
  BOOST_TEST(huffman_decode(as_bytes(from_hex("f1e3c2e5f23a6ba0ab90f4ff")), 100).value_or("") ==
             "www.example.com");
  BOOST_TEST(!huffman_decode(as_bytes(from_hex("f1e3c2e5f23a6ba0ab90f4ff")), 10));
  BOOST_TEST(!huffman_decode(as_bytes(from_hex("ffffffff")), 100)); // the end itself
  BOOST_TEST(!huffman_decode(as_bytes(from_hex("ff")), 100)); // more padding than a byte needs
}

BOOST_AUTO_TEST_SUITE_END()

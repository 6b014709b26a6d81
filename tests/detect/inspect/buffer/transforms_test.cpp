#include "detect/inspect/buffer/transforms.hpp"

#include <boost/test/unit_test.hpp>

#include <zlib.h>

using namespace cresset::detect::inspect::buffer;
using cresset::as_bytes;
using cresset::as_text;
using kind = cresset::detect::rule::payload::transform::kind;
using namespace std::string_view_literals;

namespace {
std::string changed(std::initializer_list<kind> kinds, std::string_view bytes,
                    std::string argument = {}) {
  std::vector<cresset::detect::rule::payload::transform> list;
  for (const auto k : kinds) {
    list.emplace_back();
    list.back().what = k;
    list.back().argument = argument;
  }
  cresset::detect::inspect::lists::library lists;
  const auto made = transformer::make(list, lists);
  if (!made)
    return "refused: " + made.error();
  cresset::detect::pattern::regex_matcher matcher;
  std::vector<std::byte> out;
  return made->apply(as_bytes(bytes), out, matcher) ? std::string{as_text(out)} : "nothing";
}
} // namespace

BOOST_AUTO_TEST_SUITE(transforms_of_buffers)

BOOST_AUTO_TEST_CASE(white_space_is_stripped_or_compressed) {
  BOOST_TEST(changed({kind::strip_whitespace}, " a \t b\r\n") == "ab");
  BOOST_TEST(changed({kind::compress_whitespace}, "a  \t b") == "a b");
}

BOOST_AUTO_TEST_CASE(letters_change_case) {
  BOOST_TEST(changed({kind::to_lowercase}, "AbC1") == "abc1");
  BOOST_TEST(changed({kind::to_uppercase}, "AbC1") == "ABC1");
  BOOST_TEST(changed({kind::header_lowercase}, "Host: A\r\nX-Y: B\r\n") == "host: A\r\nx-y: B\r\n");
  BOOST_TEST(changed({kind::strip_pseudo_headers}, ":method: GET\r\nhost: a\r\n") == "host: a\r\n");
}

BOOST_AUTO_TEST_CASE(names_get_their_dot_and_urls_are_decoded) {
  BOOST_TEST(changed({kind::dotprefix}, "example.com") == ".example.com");
  BOOST_TEST(changed({kind::url_decode}, "a%20b+c%zz%4") == "a b c%zz%4");
}

BOOST_AUTO_TEST_CASE(hashes_are_those_of_the_standard) {
  const auto hash = changed({kind::to_md5}, "");
  BOOST_TEST(hash == "\xd4\x1d\x8c\xd9\x8f\x00\xb2\x04\xe9\x80\x09\x98\xec\xf8\x42\x7e"sv);
  BOOST_TEST(changed({kind::to_sha256}, "").size() == 32U);
  BOOST_TEST(changed({kind::to_sha1}, "").size() == 20U);
}

BOOST_AUTO_TEST_CASE(they_chain_and_a_key_repeats) {
  BOOST_TEST(changed({kind::strip_whitespace, kind::from_base64}, "Zm 9v") == "foo");
  BOOST_TEST(changed({kind::exclusive_or}, "abc", "\x01\x02") == "``b");
}

BOOST_AUTO_TEST_CASE(compressed_bytes_open_and_damaged_ones_leave_nothing) {
  std::string packed(100, '\0');
  uLongf size = packed.size();
  BOOST_REQUIRE(compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                         reinterpret_cast<const Bytef*>("hello"), 5) == Z_OK);
  packed.resize(size);
  BOOST_TEST(changed({kind::zlib_deflate}, packed) == "hello");
  BOOST_TEST(changed({kind::zlib_deflate}, "not deflate") == "nothing");
  BOOST_TEST(changed({kind::gunzip}, "not gzip") == "nothing");
}

BOOST_AUTO_TEST_CASE(an_expression_leaves_what_its_first_group_holds) {
  BOOST_TEST(changed({kind::pcrexform}, "/get?data=abc", R"(/get\?data=(.*))") == "abc");
  BOOST_TEST(changed({kind::pcrexform}, "/put", R"(/get\?data=(.*))") == "nothing");
  BOOST_TEST(changed({kind::pcrexform}, "x", "(y)?x") == "nothing");
  BOOST_TEST(changed({kind::pcrexform}, "x", "x").starts_with("refused"));
  BOOST_TEST(changed({kind::pcrexform}, "x", "(x").starts_with("refused"));
}

BOOST_AUTO_TEST_SUITE_END()

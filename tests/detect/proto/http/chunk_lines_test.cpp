#include "detect/proto/http/chunk_lines.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace cresset;
using detect::proto::http::chunk_lines;

namespace {

chunk_lines read(std::string_view bytes, std::size_t step) {
  chunk_lines lines;
  for (std::size_t at = 0; at < bytes.size(); at += step)
    lines.bytes(as_bytes(bytes.substr(at, step)));
  return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_chunk_lines)

BOOST_AUTO_TEST_CASE(an_extension_is_seen_however_the_bytes_are_cut) {
  for (const std::size_t step : {1U, 3U, 100U}) {
    BOOST_TEST(read("5\r\nab;cd\r\n3;x=y\r\nabc\r\n0\r\n\r\n", step).has_extension());
    BOOST_TEST(!read("5\r\nab;cd\r\n3\r\nabc\r\n0\r\n\r\n;", step).has_extension());
    BOOST_TEST(read("5\r\nab;cd\r\n0\r\n\r\n", step).is_over());
    BOOST_TEST(!read("5\r\nab;cd\r\n", step).is_over());
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_chunk_ends_it) {
  BOOST_TEST(read("\r\n", 1).is_over());
  BOOST_TEST(read("ffffffffffffffffff\r\n", 1).is_over());
}

BOOST_AUTO_TEST_SUITE_END()

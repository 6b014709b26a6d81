#include "detect/proto/file_meter.hpp"

#include "detect/proto/gathered_body.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;

namespace {

/// A keeper in memory that opens so many files.
struct keeper final : file_keeper {
  struct spool final : file_spool {
    explicit spool(std::string& to) : bytes{to} {}
    std::string& bytes;
    void append(byte_view more) noexcept override { bytes += as_text(more); }
    bool keep(const std::string&) noexcept override { return true; }
  };
  std::string bytes;
  int may_open = 1;
  int opened = 0;
  std::unique_ptr<file_spool> open() noexcept override {
    if (opened == may_open)
      return nullptr;
    ++opened;
    return std::make_unique<spool>(bytes);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(file_meters)

BOOST_AUTO_TEST_CASE(digests_are_of_all_bytes_kept_or_not) {
  const file_settings wanted{.md5 = true, .sha1 = true, .sha256 = true};
  gathered_body body{2, wanted};
  body.append(as_bytes("a"));
  body.append(as_bytes("bc"));
  BOOST_TEST(body.view().meter->md5().empty());
  body.complete();
  BOOST_TEST(body.view().meter->md5() == "900150983cd24fb0d6963f7d28e17f72");
  BOOST_TEST(body.view().meter->sha1() == "a9993e364706816aba3e25717850c26c9cd0d89d");
  BOOST_TEST(body.view().meter->sha256() ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(as_text(body.view().bytes) == "ab");
  BOOST_TEST(!body.view().is_whole());
}

BOOST_AUTO_TEST_CASE(without_wishes_there_is_no_meter) {
  const file_settings none;
  gathered_body body{10, none};
  body.append(as_bytes("a"));
  BOOST_TEST(body.view().meter == nullptr);
}

BOOST_AUTO_TEST_CASE(a_file_with_a_gap_has_no_digest) {
  const file_settings wanted{.md5 = true};
  gathered_body body{10, wanted};
  body.append(as_bytes("abc"));
  body.lose(4);
  body.append(as_bytes("d"));
  body.complete();
  BOOST_TEST(body.view().meter->md5().empty());
  BOOST_TEST(body.view().has_gap);
}

BOOST_AUTO_TEST_CASE(what_is_larger_than_is_kept_goes_to_the_keeper_from_its_begin) {
  keeper keeps;
  const file_settings wanted{.keeper = &keeps};
  gathered_body small{10, wanted};
  small.append(as_bytes("0123456789"));
  BOOST_TEST(keeps.opened == 0);
  gathered_body large{10, wanted};
  large.append(as_bytes("01234567"));
  large.append(as_bytes("89ab"));
  large.append(as_bytes("cd"));
  BOOST_TEST(keeps.bytes == "0123456789abcd");
  BOOST_TEST(large.view().meter->spool() != nullptr);
}

BOOST_AUTO_TEST_CASE(what_came_before_a_gap_is_kept_and_nothing_behind_it) {
  keeper keeps;
  const file_settings wanted{.keeper = &keeps};
  gathered_body body{10, wanted};
  body.append(as_bytes("abc"));
  body.lose(1);
  body.append(as_bytes("d"));
  body.complete();
  BOOST_TEST(keeps.bytes == "abc");
  BOOST_TEST(!body.view().meter->sha256().empty()); // the name of what is kept
}

BOOST_AUTO_TEST_CASE(a_keeper_that_refuses_is_not_asked_again) {
  keeper full;
  full.may_open = 0;
  const file_settings wanted{.keeper = &full};
  gathered_body body{1, wanted};
  body.append(as_bytes("abc"));
  body.append(as_bytes("abc"));
  BOOST_TEST(body.view().meter->spool() == nullptr);
}

BOOST_AUTO_TEST_CASE(what_stands_before_a_gap_is_shown_until_bytes_come_behind_it) {
  gathered_body body{10};
  body.append(as_bytes("abc"));
  body.lose(4);
  BOOST_TEST(as_text(body.view().bytes) == "abc");
  BOOST_TEST(body.view().offset == 0U);
  BOOST_TEST(body.view().total == 7U);
  BOOST_TEST(body.view().has_gap);
  body.lose(1);
  body.append(as_bytes("d"));
  BOOST_TEST(as_text(body.view().bytes) == "d");
  BOOST_TEST(body.view().offset == 8U);
  BOOST_TEST(body.view().total == 9U);
}

BOOST_AUTO_TEST_SUITE_END()

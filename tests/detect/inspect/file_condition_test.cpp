#include "detect/inspect/file_condition.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

using namespace cresset;
using namespace cresset::detect;
using namespace cresset::detect::inspect;
using rule::options::hash_list;
using rule::options::text_match;

namespace {

/// A list file in a folder of its own.
struct list_file {
  explicit list_file(std::string_view text) {
    folder = std::filesystem::temp_directory_path() /
             ("cresset_file_condition_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream{path()} << text;
  }
  ~list_file() { std::filesystem::remove_all(folder); }
  std::filesystem::path path() const { return folder / "list"; }
  std::filesystem::path folder;
};

const std::string md5_of_abc = "900150983cd24fb0d6963f7d28e17f72";

bool judge(std::string_view field, std::string pattern, const proto::file_view& file,
           std::string_view magic = {}, bool negated = false) {
  text_match test;
  test.field = field;
  test.pattern = std::move(pattern);
  test.negated = negated;
  const rule::condition c{test};
  ready_condition ready;
  ready.source = &c;
  ready.of = ready_condition::layer::file;
  return holds(ready, {file, magic});
}

} // namespace

BOOST_AUTO_TEST_SUITE(file_conditions)

BOOST_AUTO_TEST_CASE(a_list_has_the_hashes_that_begin_its_lines) {
  const list_file list{"# comment\n\n900150983CD24FB0D6963F7D28E17F72  abc.txt\r\n"
                       "d41d8cd98f00b204e9800998ecf8427e\n"};
  const auto read = file_hashes::read(list.path(), hash_list::algorithm::md5);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((*read)->size() == 2U);
  BOOST_TEST((*read)->has(md5_of_abc));
  BOOST_TEST(!(*read)->has("00000000000000000000000000000000"));
  BOOST_TEST(!(*read)->has("9001"));
}

BOOST_AUTO_TEST_CASE(a_line_without_a_hash_is_refused_and_named) {
  for (const auto* text :
       {"xyz\n", "900150983cd24fb0d6963f7d28e17f7\n", "900150983cd24fb0d6963f7d28e17f722\n"}) {
    const list_file list{text};
    const auto read = file_hashes::read(list.path(), hash_list::algorithm::md5);
    BOOST_REQUIRE(!read.has_value());
    BOOST_TEST(read.error().find(":1:") != std::string::npos);
  }
  BOOST_TEST(!file_hashes::read("no/such/list", hash_list::algorithm::sha1).has_value());
}

BOOST_AUTO_TEST_CASE(a_list_lies_beside_its_rules) {
  rule::rule of;
  of.location.file = "/etc/rules/my.rules";
  BOOST_TEST(list_path("bad.md5", of) == "/etc/rules/bad.md5");
  BOOST_TEST(list_path("/var/bad.md5", of) == "/var/bad.md5");
}

BOOST_AUTO_TEST_CASE(names_and_extensions_are_compared_in_any_case) {
  proto::file_view file;
  file.name = "Report.PDF";
  BOOST_TEST(judge("filename", "report", file));
  BOOST_TEST(judge("fileext", "pdf", file));
  BOOST_TEST(!judge("fileext", "df", file));
  BOOST_TEST(!judge("filename", "report", file, {}, true));
  BOOST_TEST(!judge("filename", "x", {}, {}, true));
}

BOOST_AUTO_TEST_CASE(the_kind_of_a_file_is_asked_for_when_it_is_known) {
  BOOST_TEST(judge("filemagic", "pdf", {}, "PDF document, version 1.4"));
  BOOST_TEST(!judge("filemagic", "pdf", {}));
  BOOST_TEST(!judge("filemagic", "pdf", {}, {}, true));
}

BOOST_AUTO_TEST_CASE(a_hash_is_known_at_the_end_of_a_whole_file) {
  proto::file_view file;
  file.content.bytes = as_bytes("abc");
  file.content.total = 3;
  BOOST_TEST(digest_of(file.content, hash_list::algorithm::md5).empty());
  file.content.complete = true;
  BOOST_TEST(digest_of(file.content, hash_list::algorithm::md5) == md5_of_abc);
  file.content.has_gap = true;
  BOOST_TEST(digest_of(file.content, hash_list::algorithm::md5).empty());
  file.content.has_gap = false;
  const list_file list{md5_of_abc + "\n"};
  const rule::condition c{hash_list{hash_list::algorithm::md5, "list"}};
  ready_condition ready;
  ready.source = &c;
  ready.of = ready_condition::layer::file;
  ready.hashes = *file_hashes::read(list.path(), hash_list::algorithm::md5);
  BOOST_TEST(holds(ready, {file, {}}));
  file.content.total = 4;
  BOOST_TEST(!holds(ready, {file, {}}));
}

BOOST_AUTO_TEST_SUITE_END()

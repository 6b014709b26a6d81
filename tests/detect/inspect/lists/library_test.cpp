#include "detect/inspect/lists/dataset_file.hpp"
#include "detect/inspect/lists/library.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>

using namespace cresset;
using namespace cresset::detect::inspect::lists;
using type = dataset::type;
using written = detect::rule::payload::dataset::format;

namespace {

/// A folder of its own that goes with the test.
struct folder {
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cresset-lists-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~folder() { std::filesystem::remove_all(path); }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream{path / name} << text;
  }
  std::string read(const std::string& name) const { return read_list_file(path / name).value(); }
  std::filesystem::path path;
};

detect::rule::payload::dataset named(std::string name, type of, std::string load = {},
                                     std::string save = {}) {
  detect::rule::payload::dataset made;
  made.name = std::move(name);
  made.type = of;
  made.load = std::move(load);
  made.save = std::move(save);
  return made;
}

std::string loads(type of, std::string_view text, dataset_format format = {}) {
  dataset set{"s", of, 0};
  const auto loaded = load_dataset(set, text, format);
  return loaded ? std::to_string(*loaded) : loaded.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(lists_of_values)

BOOST_AUTO_TEST_CASE(each_type_reads_its_own_values) {
  BOOST_TEST(loads(type::string, "Y3VybC83LjQzLjA=\n\n# comment\nYQ==\n") == "2");
  BOOST_TEST(loads(type::md5, "00112233445566778899aabbccddeeff\n") == "1");
  BOOST_TEST(loads(type::sha256, std::string(64, 'a')) == "1");
  BOOST_TEST(loads(type::ipv4, "192.0.2.1\r\n") == "1");
  BOOST_TEST(loads(type::ip, "2001:db8::1\n::ffff:192.0.2.1\n192.0.2.1\n") == "2");
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_named_with_its_line) {
  for (const auto& [of, text] : {std::pair{type::string, "YQ=\n"},
                                 {type::md5, "00\n"},
                                 {type::md5, "zz112233445566778899aabbccddeeff"},
                                 {type::sha256, "00112233445566778899aabbccddeeff"},
                                 {type::ipv4, "2001:db8::1"},
                                 {type::ip, "host"}})
    BOOST_TEST(loads(of, text).starts_with("line 1: "));
  BOOST_TEST(loads(type::ip, "192.0.2.1\nx").starts_with("line 2: "));
  BOOST_TEST(loads(type::ip, "192.0.2.1,x").starts_with("line 1: "));
  BOOST_TEST(loads(type::ip, "192.0.2.1", {.has_reputation = true}).starts_with("line 1: "));
}

BOOST_AUTO_TEST_CASE(buffers_become_elements) {
  const dataset ip{"a", type::ip, 0}, md5{"b", type::md5, 0}, text{"c", type::string, 0};
  BOOST_TEST((ip.element_of(as_bytes(std::string_view{"\xc0\x00\x02\x01", 4})) ==
              ip.element_from("192.0.2.1")));
  BOOST_TEST(!ip.element_of(as_bytes("abc")));
  BOOST_TEST((md5.element_of(as_bytes("00112233445566778899AABBCCDDEEFF")) ==
              md5.element_from("00112233445566778899aabbccddeeff")));
  BOOST_TEST(!md5.element_of(as_bytes("short")));
  BOOST_TEST(!text.element_of({}));
}

BOOST_AUTO_TEST_CASE(a_set_is_bounded_in_bytes) {
  dataset set{"s", type::string, 3 * (dataset::overhead_bytes + 1)};
  for (const auto* value : {"a", "b", "c"})
    BOOST_TEST(set.add(value));
  BOOST_TEST(!set.add("a"));
  BOOST_TEST(set.refused() == 0U);
  BOOST_TEST(!set.add("d"));
  BOOST_TEST(set.refused() == 1U);
  BOOST_TEST(set.remove("a"));
  BOOST_TEST(!set.remove("a"));
  BOOST_TEST(set.add("d"));
}

BOOST_AUTO_TEST_CASE(json_files_name_values_and_tell_about_them) {
  const dataset_format lines{
      .written_as = written::ndjson, .value_key = "who.ip", .keeps_object = true};
  dataset set{"s", type::ip, 0};
  const auto loaded = load_dataset(set, R"({"who":{"ip":"192.0.2.1","n":1}}
{"other":2}
)",
                                   lines);
  BOOST_TEST(loaded.value() == 1U);
  const auto element = *set.element_from("192.0.2.1");
  BOOST_TEST(set.context_of(element) == R"({"who":{"ip":"192.0.2.1","n":1}})");
  BOOST_TEST(set.context_of("x").empty());
  const dataset_format array{.written_as = written::json,
                             .value_key = "name",
                             .array_key = "data.list",
                             .keeps_object = true,
                             .remove_key = true};
  dataset names{"n", type::string, 0};
  BOOST_TEST(load_dataset(names, R"({"data":{"list":[{"name":"a","x":1},{"name":"b"}]}})", array)
                 .value() == 2U);
  BOOST_TEST(names.context_of("a") == R"({"x":1})");
}

BOOST_AUTO_TEST_CASE(json_that_is_wrong_is_refused) {
  const dataset_format lines{.written_as = written::ndjson, .value_key = "ip"};
  BOOST_TEST(loads(type::ip, "{", lines) == "line 1: not JSON");
  BOOST_TEST(loads(type::ip, R"({"ip":1})", lines).starts_with("line 1: "));
  const dataset_format array{.written_as = written::json, .value_key = "ip", .array_key = "a"};
  BOOST_TEST(loads(type::ip, "[", array) == "the file is not JSON");
  BOOST_TEST(loads(type::ip, "{}", array) == "the file has no array there");
}

BOOST_AUTO_TEST_CASE(a_set_is_loaded_once_and_shared) {
  const folder f;
  f.write("a.csv", "192.0.2.1\n");
  library lists;
  const auto first = lists.open(named("a", type::ip, "a.csv"), f.path);
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST((*first)->size() == 1U);
  BOOST_TEST((lists.open(named("a", type::unknown), f.path).value() == *first));
  BOOST_TEST(!lists.open(named("a", type::md5), f.path));
  BOOST_TEST(!lists.open(named("b", type::unknown), f.path));
  BOOST_TEST(!lists.open(named("c", type::ip, "none.csv"), f.path));
}

BOOST_AUTO_TEST_CASE(a_state_is_saved_and_found_again) {
  const folder f;
  {
    library lists{{.data_folder = f.path}};
    const auto set = lists.open(named("a", type::string, {}, "state/a.lst"), {}).value();
    set->add("curl");
    BOOST_TEST(lists.save().empty());
  }
  BOOST_TEST(f.read("state/a.lst") == "Y3VybA==\n");
  library again{{.data_folder = f.path}};
  BOOST_TEST(again.open(named("a", type::string, {}, "state/a.lst"), {}).value()->contains("curl"));
}

BOOST_AUTO_TEST_CASE(reputation_is_of_the_longest_prefix) {
  const folder f;
  f.write("categories", "1,BadHosts,Known bad hosts\n2,Google,Known google host\n");
  f.write("list", "192.0.2.0/24,1,40\n192.0.2.1,1,101\n2001:db8::/32,2,7\n");
  const library lists{{.categories_file = f.path / "categories",
                       .reputation_folder = f.path,
                       .reputation_files = {"list"}}};
  const auto& scores = *lists.scores();
  const auto score = [&](const char* category, const char* address) {
    return static_cast<int>(
        scores.score(*scores.category(category), *ip_address::parse(address)).value_or(0));
  };
  BOOST_TEST(score("BadHosts", "192.0.2.1") == 101);
  BOOST_TEST(score("BadHosts", "192.0.2.2") == 40);
  BOOST_TEST(score("BadHosts", "192.0.3.2") == 0);
  BOOST_TEST(score("Google", "2001:db8::5") == 7);
  BOOST_TEST(!scores.category("none"));
}

BOOST_AUTO_TEST_CASE(wrong_reputation_files_are_named) {
  reputation scores;
  BOOST_TEST(!scores.load_categories("61,TooHigh,x"));
  BOOST_TEST(!scores.load_categories("1"));
  for (const auto* text :
       {"x,1,1", "192.0.2.1,1,128", "192.0.2.1,61,1", "192.0.2.1/33,1,1", "192.0.2.1,1"})
    BOOST_TEST(!scores.load_scores(text));
  BOOST_CHECK_THROW(library({.reputation_files = {"none"}}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(public_suffixes_follow_the_list) {
  public_suffixes list;
  list.load("// c\ncom\nuk\nco.uk\n*.ck\n!www.ck\n");
  BOOST_TEST(list.suffix("www.example.co.uk") == "co.uk");
  BOOST_TEST(list.registered("www.example.co.uk") == "example.co.uk");
  BOOST_TEST(list.registered("example.com") == "example.com");
  BOOST_TEST(list.registered("co.uk") == "");
  BOOST_TEST(list.suffix("a.b.ck") == "b.ck");
  BOOST_TEST(list.registered("x.www.ck") == "www.ck");
  BOOST_TEST(list.suffix("host.unknown") == "unknown");
  BOOST_TEST(list.suffix("") == "");
}

BOOST_AUTO_TEST_SUITE_END()

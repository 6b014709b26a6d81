#include "detect/rule/rule_builder.hpp"

#include "detect/rule/parser.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule;
using text::errc;

namespace {

text::parsed<rule> read(const std::string& options, const std::string& protocol = "tcp") {
  parser reading{variables{}};
  return reading.parse("alert " + protocol + " any any -> any any (" + options + " sid:1;)");
}

/// The sections as text: "name[matches]…", a content as its pattern, anything else as its number in
/// the variant.
std::string sections(const std::string& options, const std::string& protocol = "tcp") {
  const auto made = read(options, protocol);
  if (!made)
    return "refused: " + made.error().reason;
  std::string text;
  for (const auto& section : made->sections) {
    text += std::string{section.name()} + "[";
    for (const auto& test : section.matches) {
      const auto* found = std::get_if<payload::content>(&test);
      text += (text.back() == '[' ? "" : " ") +
              (found ? found->pattern : "#" + std::to_string(test.index()));
    }
    text += "]";
  }
  return text;
}

void refused(const std::string& options, errc why, const std::string& protocol = "tcp") {
  const auto made = read(options, protocol);
  BOOST_CHECK_MESSAGE(!made && made.error().why == why,
                      options << ": " << (made ? "taken" : made.error().reason));
}

} // namespace

BOOST_AUTO_TEST_SUITE(sections_of_a_rule)

BOOST_AUTO_TEST_CASE(come_from_sticky_buffers_and_old_modifiers_alike) {
  BOOST_CHECK(sections("http.uri; content:\"a\"; content:\"b\"; http.method; content:\"c\";") ==
              "http.uri[a b]http.method[c]");
  BOOST_CHECK(
      sections(
          "content:\"a\"; http_uri; content:\"b\"; content:\"c\"; nocase; http_uri; distance:0;") ==
      "[b]http.uri[a c]");
  BOOST_CHECK(sections("content:\"a\"; uricontent:\"b\"; pcre:\"/c/U\";") == "[a]http.uri[b #1]");
  BOOST_CHECK(sections("file_data; content:\"a\"; pkt_data; content:\"b\";") == "file.data[a][b]");
}

BOOST_AUTO_TEST_CASE(go_on_when_their_buffer_is_selected_again) {
  BOOST_CHECK(sections("http.uri; content:\"a\"; http.method; content:\"b\"; http.uri; "
                       "content:\"c\"; distance:0;") == "http.uri[a c]http.method[b]");
  BOOST_CHECK(sections("content:\"a\"; file.data; content:\"b\"; pkt_data; content:\"c\";") ==
              "[a c]file.data[b]");
}

BOOST_AUTO_TEST_CASE(begin_anew_for_another_instance) {
  BOOST_CHECK(sections("dns.query; content:\"a\"; content:\"b\"; dns.query; content:\"c\";",
                       "dns") == "dns.query[a b]dns.query[c]");
  BOOST_CHECK(
      sections("dns_query; content:\"a\"; pkt_data; content:\"b\"; dns.query; content:\"c\";",
               "dns") == "dns.query[a][b]dns.query[c]");
}

BOOST_AUTO_TEST_CASE(are_apart_for_other_transforms_and_directions) {
  BOOST_CHECK(sections("http.uri; content:\"a\"; http.uri; to_lowercase; content:\"b\"; http.uri; "
                       "content:\"c\";") == "http.uri[a c]http.uri[b]");
  const auto made =
      read("http.connection: to_client; content:\"a\"; http.connection:to_server; content:\"b\";",
           "http");
  BOOST_REQUIRE(made);
  BOOST_REQUIRE(made->sections.size() == 2);
  BOOST_CHECK(made->sections[0].direction == options::way::to_client);
}

BOOST_AUTO_TEST_CASE(keep_modifiers_for_the_last_content) {
  const auto made =
      read("http.uri; content:\"a\"; bsize:1; nocase; content:\"b\"; pcre:\"/x/R\"; distance:0;",
           "http");
  BOOST_REQUIRE(made);
  BOOST_CHECK(std::get<payload::content>(made->sections[0].matches[0]).nocase);
  BOOST_CHECK(std::get<payload::content>(made->sections[0].matches[2]).distance.has_value());
}

BOOST_AUTO_TEST_CASE(hold_frames_with_their_protocol) {
  const auto named = read("frame:smtp.command_line; content:\"a\";");
  BOOST_REQUIRE(named);
  BOOST_CHECK(named->sections[0].frame == "command_line" &&
              named->sections[0].frame_protocol == "smtp");
  const auto own = read("frame:smb1.data; content:\"a\";", "smb");
  BOOST_REQUIRE(own);
  BOOST_CHECK(own->sections[0].frame == "smb1.data" && own->sections[0].frame_protocol == "smb");
  refused("frame:pdu; content:\"a\";", errc::misplaced);
}

BOOST_AUTO_TEST_CASE(say_which_protocols_the_rule_is_for) {
  BOOST_CHECK((read("http.uri; content:\"a\";")->app_protocols ==
               std::vector<std::string>{"http", "http2"}));
  BOOST_CHECK(read("tls.sni; content:\"a\";")->app_protocol == "tls");
  BOOST_CHECK((read("http.uri; content:\"a\";", "http1")->app_protocols ==
               std::vector<std::string>{"http"}));
  BOOST_CHECK(read("content:\"a\";")->app_protocols.empty());
  refused("http.uri; content:\"a\";", errc::contradiction, "dns");
  refused("tls.sni; content:\"a\"; http.uri; content:\"b\";", errc::contradiction);
}

BOOST_AUTO_TEST_CASE(are_refused_where_an_option_stands_wrong) {
  refused("http.uri; http.method; content:\"a\";", errc::misplaced);
  refused("http.uri;", errc::misplaced);
  refused("nocase;", errc::misplaced);
  refused("http.uri; content:\"a\"; http.method; nocase; content:\"b\";", errc::misplaced);
  refused("http_uri;", errc::misplaced);
  refused("http.uri; content:\"a\"; http_method;", errc::contradiction);
  refused("content:\"a\"; http_uri; http_method;", errc::contradiction);
  refused("http.uri; pcre:\"/a/M\";", errc::contradiction);
  refused("http.uri; content:\"a\"; to_lowercase;", errc::misplaced);
  refused("bsize:1;", errc::misplaced);
  refused("absent;", errc::misplaced);
  refused("dataset:isset,a,type string;", errc::misplaced);
  refused("http.uri:1; content:\"a\";", errc::syntax);
  refused("byte_test:1,>,len,0; byte_extract:1,0,len;", errc::undefined_variable);
}

BOOST_AUTO_TEST_CASE(are_refused_where_options_exclude_each_other) {
  refused("content:\"a\"; fast_pattern; content:\"b\"; fast_pattern;", errc::contradiction);
  refused("dns.query; content:\"abcdef\"; bsize:5;", errc::contradiction, "dns");
  refused("http.uri; content:\"a\"; dsize:1;", errc::contradiction);
  refused("threshold:type limit,track by_src,count 1,seconds 1; detection_filter:track "
          "by_src,count 1,seconds 1;",
          errc::contradiction);
  refused("flow:to_server; flow:established;", errc::contradiction);
  refused("content:\"ab\"; depth:1;", errc::contradiction);
}

BOOST_AUTO_TEST_SUITE_END()

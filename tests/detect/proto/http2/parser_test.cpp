#include "detect/proto/http2/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::http2;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;
const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string number(std::uint32_t value, int bytes) {
  std::string text;
  while (bytes-- > 0)
    text += static_cast<char>(value >> (8 * bytes) & 0xffU);
  return text;
}
std::string made_frame(frame_type type, unsigned flags, std::uint32_t stream, std::string_view payload) {
  return number(static_cast<std::uint32_t>(payload.size()), 3) +
         number(static_cast<std::uint32_t>(type), 1) + number(flags, 1) + number(stream, 4) +
         std::string{payload};
}
/// A literal that stays out of the table.
std::string field(std::string_view name, std::string_view value) {
  return std::string(1, '\0') + number(static_cast<std::uint32_t>(name.size()), 1) +
         std::string{name} + number(static_cast<std::uint32_t>(value.size()), 1) +
         std::string{value};
}
std::string request(std::uint32_t stream, unsigned more = flags::end_stream) {
  return made_frame(frame_type::headers, flags::end_headers | more, stream,
               field(":method", "GET") + field(":path", "/a?b") +
                   field(":authority", "Www.X.org:80") + field("cookie", "a=1") +
                   field("cookie", "b=2") + field("user-agent", "me"));
}
std::string answer(std::uint32_t stream, std::string_view body, std::string_view more = "") {
  return made_frame(frame_type::headers, flags::end_headers, stream,
               field(":status", "200") + field("content-type", "text/html; x") +
                   std::string{more}) +
         made_frame(frame_type::data, flags::end_stream, stream, body);
}

struct flow {
  settings limits;
  http2::parser parser{limits};
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const transaction& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return *parser.transactions()[i];
  }
  std::string buffer(std::string_view name, direction way, std::size_t i = 0,
                     std::size_t instance = 0) {
    for (std::size_t id = 0; id < description.buffers.size(); ++id)
      if (description.buffers[id].name == name && description.buffers[id].way == way) {
        if (description.buffers[id].gathered)
          return std::string{as_text(tx(i).body(static_cast<buffer_id>(id)).bytes)};
        const auto bytes = tx(i).buffer(static_cast<buffer_id>(id), instance);
        return bytes ? std::string{as_text(*bytes)} : "(none)";
      }
    return "(no such buffer)";
  }
  std::vector<std::uint64_t> numbers(std::string_view name, direction way, std::size_t i = 0) {
    std::vector<std::uint64_t> all;
    for (std::size_t id = 0; id < description.fields.size(); ++id)
      if (description.fields[id].name == name && description.fields[id].way == way)
        for (std::size_t n = 0; n < tx(i).field_instances(static_cast<field_id>(id)); ++n)
          all.push_back(tx(i).field(static_cast<field_id>(id), n).value_or(0));
    return all;
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    for (const auto one : tx(i).events())
      if (one == event)
        return true;
    return false;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(http2_parser)

BOOST_AUTO_TEST_CASE(a_stream_shows_its_request_and_answer_under_the_names_of_http) {
  flow f;
  f.client(preface + request(1));
  f.server(answer(1, "hello"));
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.buffer("http.uri", to_server) == "/a?b");
  BOOST_TEST(f.buffer("http.method", to_server) == "GET");
  BOOST_TEST(f.buffer("http.host", to_server) == "www.x.org");
  BOOST_TEST(f.buffer("http.host.raw", to_server) == "Www.X.org:80");
  BOOST_TEST(f.buffer("http.cookie", to_server) == "a=1; b=2");
  BOOST_TEST(f.buffer("http.user_agent", to_server) == "me");
  BOOST_TEST(f.buffer("http.request_line", to_server) == "GET /a?b HTTP/2");
  BOOST_TEST(f.buffer("http.header_names", to_client) == "\r\n:status\r\ncontent-type\r\n\r\n");
  BOOST_TEST(f.buffer("http.header", to_client) ==
             ":status: 200\r\ncontent-type: text/html; x\r\n");
  BOOST_TEST(f.buffer("http2.header_name", to_server, 0, 3) == "cookie");
  BOOST_TEST(f.buffer("http.stat_code", to_client) == "200");
  BOOST_TEST(f.buffer("file.data", to_client) == "hello");
  BOOST_TEST(f.tx().file(to_client, 0).name == "/a");
  BOOST_TEST(f.tx().file(to_client, 0).content.complete);
  const auto members = members_of(f.tx());
  BOOST_TEST(members.find(R"("version":"2")") != std::string::npos);
  BOOST_TEST(members.find(R"("http2":{"stream_id":1,"request":{},"response":{}})") !=
             std::string::npos);
  BOOST_TEST(members.find(R"("status":200)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(frames_of_the_connection_are_transactions_of_their_own) {
  flow f;
  f.client(preface + made_frame(frame_type::settings, 0, 0, from_hex("000300000064000200000000")) +
           made_frame(frame_type::window_update, 0, 0, from_hex("0000ffff")));
  f.server(made_frame(frame_type::settings, flags::ack, 0, "") +
           made_frame(frame_type::goaway, 0, 0, from_hex("0000000100000002")));
  BOOST_TEST(f.parser.transactions().size() == 4U);
  BOOST_TEST((f.numbers("http2.settings", to_server) ==
              std::vector<std::uint64_t>{3ULL << 32U | 100, 2ULL << 32U}));
  BOOST_TEST(members_of(f.tx(0)).find(R"({"settings_id":"SETTINGSMAXCONCURRENTSTREAMS",)"
                                      R"("settings_value":100})") != std::string::npos);
  BOOST_TEST((f.numbers("http2.window", to_server, 1) == std::vector<std::uint64_t>{0xffff}));
  BOOST_TEST((f.numbers("http2.errorcode", to_client, 3) == std::vector<std::uint64_t>{2}));
  BOOST_TEST(!f.tx(3).concerns(to_server));
  BOOST_TEST(!f.tx(1).is_logged());
  BOOST_TEST(f.tx(3).is_logged());
}

BOOST_AUTO_TEST_CASE(headers_may_come_in_pieces_with_padding_and_priority) {
  flow f;
  const auto fields = field(":method", "GET") + field(":path", "/long");
  f.client(preface +
           made_frame(frame_type::headers, flags::padded | flags::priority | flags::end_stream, 3,
                 from_hex("02 80000000 fe") + fields.substr(0, 7) + from_hex("0000")) +
           made_frame(frame_type::continuation, 0, 3, fields.substr(7, 4)) +
           made_frame(frame_type::continuation, flags::end_headers, 3, fields.substr(11)));
  BOOST_TEST(f.buffer("http.uri", to_server) == "/long");
  f.server(made_frame(frame_type::headers, flags::end_headers, 3, field(":status", "103")) +
           made_frame(frame_type::headers, flags::end_headers, 3, field(":status", "404")) +
           made_frame(frame_type::data, flags::padded | flags::end_stream, 3,
                 "\x03"
                 "body..."));
  BOOST_TEST(f.buffer("file.data", to_client) == "body");
  BOOST_TEST(f.buffer("http.stat_code", to_client) == "404");
  BOOST_TEST((f.numbers("http2.priority", to_server) == std::vector<std::uint64_t>{0xfe}));
  BOOST_TEST((f.numbers("http2.frametype", to_server) == std::vector<std::uint64_t>{1, 9, 9}));
  BOOST_TEST(f.tx().is_done());
}

BOOST_AUTO_TEST_CASE(packed_bodies_are_unpacked) {
  flow f;
  f.client(preface + request(1) + request(3));
  f.server(answer(1, from_hex("1f8b08000000000002ffcb48cdc9c957c840905c003b7c8adf12000000"),
                  field("content-encoding", "gzip")));
  f.server(answer(3, "not packed", field("content-encoding", "gzip")));
  BOOST_TEST(f.buffer("file.data", to_client) == "hello hello hello\n");
  BOOST_TEST(f.buffer("file.data", to_client, 1) == "not packed");
  BOOST_TEST(f.has_event("failed_decompression", 1));
}

BOOST_AUTO_TEST_CASE(parts_of_a_file_are_put_together) {
  flow f;
  const auto part = [](std::uint32_t stream, std::string_view range, std::string_view bytes) {
    return made_frame(frame_type::headers, flags::end_headers, stream,
                 field(":status", "206") + field("content-range", range)) +
           made_frame(frame_type::data, flags::end_stream, stream, bytes);
  };
  f.client(preface + request(1) + request(3) + request(5));
  f.server(part(1, "bytes 0-3/8", "abcd") + part(3, "bytes 4-7/8", "efgh") + part(5, "x", "y"));
  BOOST_TEST(f.tx(0).file(to_client, 0).end.value_or(0) == 3U);
  BOOST_REQUIRE(f.tx(1).files(to_client) == 2U);
  BOOST_TEST(as_text(f.tx(1).file(to_client, 1).content.bytes) == "abcdefgh");
  BOOST_TEST(f.tx(1).file(to_client, 1).name == "/a");
  BOOST_TEST(f.has_event("invalid_range", 2));
}

BOOST_AUTO_TEST_CASE(behind_an_upgrade_the_first_stream_has_its_request) {
  flow f;
  f.parser.begin_upgraded({{":method", "GET"}, {":path", "/up"}}, "AAMAAABkAARAAAAAAAIAAAAA");
  f.client(preface);
  f.server(made_frame(frame_type::settings, 0, 0, "") + answer(1, "upgraded"));
  BOOST_TEST(f.buffer("http.uri", to_server) == "/up");
  BOOST_TEST(f.buffer("file.data", to_client) == "upgraded");
  BOOST_TEST(f.numbers("http2.settings", to_server).size() == 3U);
  flow g;
  g.parser.begin_upgraded({{":method", "GET"}}, "no base64 !");
  BOOST_TEST(g.has_event("invalid_http1_settings"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_becomes_events) {
  const auto event_of = [](std::string_view event, std::string_view bytes) {
    flow f;
    f.client(preface + std::string{bytes});
    bool found = false;
    for (std::size_t i = 0; i < f.parser.transactions().size(); ++i)
      found = found || f.has_event(event, i);
    return found;
  };
  BOOST_TEST(event_of("invalid_frame_length", made_frame(frame_type::settings, 0, 0, "12345")));
  BOOST_TEST(event_of("invalid_frame_length", made_frame(frame_type::rst_stream, 0, 1, "12345")));
  BOOST_TEST(
      event_of("invalid_frame_data", request(1) + made_frame(frame_type::headers, flags::padded, 3,
                                                        "\x09"
                                                        "x")));
  BOOST_TEST(event_of("invalid_header", made_frame(frame_type::headers, flags::end_headers, 1, "\xbe")));
  BOOST_TEST(event_of("header_integer_overflow", made_frame(frame_type::headers, flags::end_headers, 1,
                                                       from_hex("7fffffffffffff01"))));
  BOOST_TEST(event_of("long_frame_data",
                      request(1) + made_frame(frame_type::goaway, 0, 0, std::string(70'000, 'x'))));
  BOOST_TEST(event_of("stream_id_reuse",
                      request(1) + made_frame(frame_type::rst_stream, 0, 1, from_hex("00000008")) +
                          request(1)));
  BOOST_TEST(event_of("userinfo_in_uri", made_frame(frame_type::headers, flags::end_headers, 1,
                                               field(":authority", "user@host"))));
  BOOST_TEST(event_of("authority_host_mismatch",
                      made_frame(frame_type::headers, flags::end_headers, 1,
                            field(":authority", "one") + field("host", "two"))));
  BOOST_TEST(event_of("invalid_frame_header", made_frame(frame_type::headers, 0, 1, "") + request(3)));
  flow f;
  BOOST_CHECK(f.client("GET / HTTP/1.1") == parse_status::malformed);
}

BOOST_AUTO_TEST_CASE(no_peer_makes_the_parser_grow_without_end) {
  flow f;
  f.limits.stream_limit = 4;
  f.client(preface);
  for (std::uint32_t stream = 1; stream < 40; stream += 2)
    f.client(request(stream));
  BOOST_TEST(f.parser.transactions().size() == 4U);
  BOOST_TEST(f.has_event("too_many_streams", 3));
  flow g;
  g.client(preface + made_frame(frame_type::headers, 0, 1, std::string(60'000, '\0')));
  g.client(made_frame(frame_type::continuation, 0, 1, std::string(60'000, '\0')));
  g.client(made_frame(frame_type::continuation, flags::end_headers, 1, std::string(60'000, '\0')));
  BOOST_TEST(g.has_event("reassembly_limit_reached"));
}

BOOST_AUTO_TEST_CASE(a_gap_ends_it_and_late_frames_open_nothing) {
  flow f;
  f.client(preface + request(1));
  f.server(answer(1, "x"));
  f.parser.release(0);
  f.client(made_frame(frame_type::window_update, 0, 1, from_hex("00000001")));
  BOOST_TEST(f.parser.transactions().empty());
  f.client(request(3));
  BOOST_CHECK(f.parser.gap(to_client, 5) == parse_status::malformed);
  BOOST_CHECK(f.server("more") == parse_status::malformed);
  f.parser.end(to_server);
  BOOST_TEST(f.tx().is_done());
}

BOOST_AUTO_TEST_CASE(however_the_bytes_are_cut_the_transactions_are_the_same) {
  const conversation talk{
      cresset::test::client(preface + made_frame(frame_type::settings, 0, 0, from_hex("000300000064")) +
                            request(1, 0) +
                            made_frame(frame_type::data, flags::padded | flags::end_stream, 1,
                                  "\x02"
                                  "post..")),
      cresset::test::server(made_frame(frame_type::settings, flags::ack, 0, "") + answer(1, "hello") +
                            made_frame(frame_type::ping, 0, 0, "12345678"))};
  const settings limits;
  const auto all = summaries_of_all_splits([&] { return std::make_unique<http2::parser>(limits); },
                                           description, talk);
  for (const auto& one : all)
    BOOST_TEST(one == all.front());
}

BOOST_AUTO_TEST_SUITE_END()

// The list of keywords. A keyword with a reader of its own is one line here; numbers, named bits,
// buffers, transforms and the small conditions have tables in their rooms and are asked one after
// the other.

#include "detect/rule/keywords.hpp"

#include "detect/rule/meta_options.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::rule {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

using reader = parsed<void> (*)(rule_builder&, std::string_view keyword, text_cursor value);

/// Hands what was read to `keep`, or the refusal on.
template <typename T, typename Keep>
parsed<void> pass_on(parsed<T> read, Keep keep) {
  if (!read)
    return unexpected{read.error()};
  return keep(*std::move(read));
}

parsed<void> read_modifier(rule_builder& b, std::string_view keyword, text_cursor value) {
  return b.modify(keyword, value);
}

parsed<void> read_content(rule_builder& b, std::string_view keyword, text_cursor value) {
  const auto* own = keyword == "uricontent" ? payload::find_buffer_keyword("http.uri") : nullptr;
  return pass_on(payload::parse_content(value), [&](payload::content made) {
    return b.content(std::move(made), value.position(), own);
  });
}

parsed<void> read_pcre(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(payload::parse_pcre(value), [&](payload::pcre made) {
    const auto* own = made.buffer.empty() ? nullptr : payload::find_buffer_keyword(made.buffer);
    return b.add(match{std::move(made)}, value.position(), own);
  });
}

/// A test of bytes that needs no more than its text.
template <auto Parse>
parsed<void> read_test(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(Parse(value),
                 [&](auto made) { return b.add(match{std::move(made)}, value.position()); });
}
/// One that reads, or defines, byte variables.
template <auto Parse>
parsed<void> read_variable_test(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(Parse(value, b.variables()),
                 [&](auto made) { return b.add(match{std::move(made)}, value.position()); });
}
/// `isdataat:!1,relative` says that the content before it ends the buffer (manual: endswith). For a
/// negated one that makes a difference: "does not end with" instead of "is not there, and nothing
/// follows the match before".
parsed<void> read_isdataat(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(payload::parse_isdataat(value, b.variables()), [&](auto made) -> parsed<void> {
    const bool is_end =
        made.negated && made.relative && !made.length.is_variable() && made.length.number == 1;
    if (is_end && b.is_behind_negated_content())
      return b.modify("endswith", text_cursor{{}});
    return b.add(match{std::move(made)}, value.position());
  });
}
/// One that needs a buffer with an end of its own.
template <auto Parse>
parsed<void> read_buffer_test(rule_builder& b, std::string_view keyword, text_cursor value) {
  if (b.is_payload_selected())
    return value.fail(errc::misplaced, std::string{keyword} + " belongs behind a sticky buffer");
  return read_test<Parse>(b, keyword, value);
}

template <auto Parse>
parsed<void> read_condition(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(Parse(value), [&](auto made) {
    return b.add(condition{std::move(made)}, {}, value.position());
  });
}
template <auto Parse>
parsed<void> read_dce(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(Parse(value), [&](auto made) {
    return b.add(condition{std::move(made)}, "dcerpc smb", value.position());
  });
}
template <auto Parse>
parsed<void> read_modbus(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(Parse(value), [&](auto made) {
    return b.add(condition{std::move(made)}, "modbus", value.position());
  });
}
parsed<void> read_dnp3(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(options::parse_dnp3_object(value),
                 [&](auto made) { return b.add(condition{made}, "dnp3", value.position()); });
}
parsed<void> read_cip(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(options::parse_cip_service(value),
                 [&](auto made) { return b.add(condition{made}, "enip", value.position()); });
}
parsed<void> read_ike(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(options::parse_ike_attribute(value), [&](auto made) {
    return b.add(condition{std::move(made)}, "ike", value.position());
  });
}

template <auto Parse>
parsed<void> read_effect(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(Parse(value), [&](auto made) {
    b.add(effect{std::move(made)});
    return parsed<void>{};
  });
}

/// flowbits, xbits and hostbits are conditions or effects by what they do, and may only say
/// `noalert`.
template <auto Parse>
parsed<void> read_bits(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(Parse(value), [&](auto made) -> parsed<void> {
    if (made.what == options::bit_action::noalert)
      b.made().noalert = true;
    else if (options::is_condition(made.what))
      return b.add(condition{std::move(made)}, {}, value.position());
    else
      b.add(effect{std::move(made)});
    return {};
  });
}
parsed<void> read_flowint(rule_builder& b, std::string_view, text_cursor value) {
  return pass_on(options::parse_flowint(value), [&](options::flowint made) -> parsed<void> {
    if (options::is_condition(made.what))
      return b.add(condition{std::move(made)}, {}, value.position());
    b.add(effect{std::move(made)});
    return {};
  });
}

template <typename T>
parsed<void> keep_once(std::optional<T>& place, parsed<T> read, const text_cursor& value) {
  if (!read)
    return unexpected{read.error()};
  if (place)
    return value.fail(errc::contradiction, "the option stands twice");
  place = *std::move(read);
  return {};
}
parsed<void> read_flow(rule_builder& b, std::string_view, text_cursor value) {
  return keep_once(b.made().flow, options::parse_flow(value), value);
}
parsed<void> read_threshold(rule_builder& b, std::string_view, text_cursor value) {
  return keep_once(b.made().threshold, options::parse_threshold(value), value);
}
parsed<void> read_detection_filter(rule_builder& b, std::string_view, text_cursor value) {
  return keep_once(b.made().detection_filter, options::parse_detection_filter(value), value);
}

parsed<void> read_switch(rule_builder& b, std::string_view keyword, text_cursor value) {
  if (!value.empty())
    return value.fail(errc::syntax, "the option takes no value");
  if (keyword == "prefilter")
    b.made().prefilter = true;
  else if (keyword == "bypass")
    b.add(effect{options::bypass{}});
  else if (keyword == "tls_store" || keyword == "tls.store")
    b.add(effect{options::tls_store{}});
  else
    b.made().noalert = keyword == "noalert";
  return {};
}

parsed<void> read_meta(rule_builder& b, std::string_view keyword, text_cursor value) {
  return read_meta_option(b.made(), keyword, value);
}

parsed<void> refuse_unsupported(rule_builder&, std::string_view keyword, text_cursor value) {
  return value.fail(errc::not_supported, std::string{keyword} + " is not supported");
}

struct entry {
  std::string_view keyword;
  reader read;
};

constexpr auto sorted_by_keyword(auto table) {
  std::sort(table.begin(), table.end(),
            [](const auto& a, const auto& b) { return a.keyword < b.keyword; });
  return table;
}

constexpr auto entries = sorted_by_keyword(std::to_array<entry>({
    {"content", read_content},
    {"uricontent", read_content},
    {"nocase", read_modifier},
    {"rawbytes", read_modifier},
    {"offset", read_modifier},
    {"depth", read_modifier},
    {"distance", read_modifier},
    {"within", read_modifier},
    {"startswith", read_modifier},
    {"endswith", read_modifier},
    {"fast_pattern", read_modifier},
    {"pcre", read_pcre},
    {"isdataat", read_isdataat},
    {"bsize", read_buffer_test<payload::parse_bsize>},
    {"byte_test", read_variable_test<payload::parse_byte_test>},
    {"byte_jump", read_variable_test<payload::parse_byte_jump>},
    {"byte_extract", read_variable_test<payload::parse_byte_extract>},
    {"byte_math", read_variable_test<payload::parse_byte_math>},
    {"base64_decode", read_test<payload::parse_base64_decode>},
    {"absent", read_buffer_test<payload::parse_absent>},
    {"entropy", read_test<payload::parse_entropy>},
    {"dataset", read_buffer_test<payload::parse_dataset>},
    {"datarep", read_buffer_test<payload::parse_datarep>},
    {"rpc", read_test<options::parse_rpc>},
    {"asn1", read_test<options::parse_asn1>},
    {"replace", refuse_unsupported},
    {"lua", refuse_unsupported},
    {"luajit", refuse_unsupported},
    {"tcp.session", refuse_unsupported},

    {"flow", read_flow},
    {"flowbits", read_bits<options::parse_flowbits>},
    {"xbits", read_bits<options::parse_xbits>},
    {"hostbits", read_bits<options::parse_hostbits>},
    {"flowint", read_flowint},
    {"threshold", read_threshold},
    {"detection_filter", read_detection_filter},
    {"stream_size", read_condition<options::parse_stream_size>},
    {"app-layer-protocol", read_condition<options::parse_app_layer_protocol>},
    {"app-layer-state", read_condition<options::parse_app_layer_state>},
    {"geoip", read_condition<options::parse_geoip>},
    {"iprep", read_condition<options::parse_ip_reputation>},
    {"dcerpc.iface", read_dce<options::parse_dce_interface>},
    {"dce_iface", read_dce<options::parse_dce_interface>},
    {"modbus", read_modbus<options::parse_modbus>},
    {"dnp3_obj", read_dnp3},
    {"cip_service", read_cip},
    {"ike.chosen_sa_attribute", read_ike},

    {"tag", read_effect<options::parse_tag>},
    {"filestore", read_effect<options::parse_filestore>},
    {"config", read_effect<options::parse_config>},
    {"nfq_set_mark", read_effect<options::parse_packet_mark>},
    {"bypass", read_switch},
    {"tls_store", read_switch},
    {"tls.store", read_switch},
    {"noalert", read_switch},
    {"alert", read_switch},
    {"prefilter", read_switch},

    {"msg", read_meta},
    {"sid", read_meta},
    {"rev", read_meta},
    {"gid", read_meta},
    {"classtype", read_meta},
    {"priority", read_meta},
    {"reference", read_meta},
    {"metadata", read_meta},
    {"target", read_meta},
    {"requires", read_meta},
}));

const entry* find_entry(std::string_view keyword) noexcept {
  const auto* found =
      std::lower_bound(entries.begin(), entries.end(), keyword,
                       [](const entry& e, std::string_view name) { return e.keyword < name; });
  return found != entries.end() && found->keyword == keyword ? &*found : nullptr;
}

/// The conditions whose rooms list them: the first table that has the keyword reads it.
std::optional<parsed<void>> read_listed(rule_builder& b, std::string_view keyword,
                                        text_cursor value) {
  std::optional<parsed<void>> done;
  const auto try_one = [&](auto read) {
    if (done || !read)
      return;
    if (!*read)
      done = parsed<void>{unexpected{read->error()}};
    else {
      const std::string_view protocols = (*read)->protocols;
      done = b.add(condition{*std::move(*read)}, protocols, value.position());
    }
  };
  try_one(options::parse_bits_match(keyword, value));
  if (const auto* number = done ? nullptr : options::find_number_keyword(keyword))
    try_one(std::optional{options::parse_number_match(*number, value)});
  if (!done)
    try_one(options::parse_presence(keyword, value));
  if (!done)
    try_one(options::parse_word_match(keyword, value));
  if (!done)
    try_one(options::parse_text_match(keyword, value));
  if (!done)
    try_one(options::parse_number_list(keyword, value));
  if (done)
    return done;
  if (auto read = options::parse_event_match(keyword, value))
    return pass_on(*std::move(read), [&](options::event_match made) {
      const auto protocol = made.protocol;
      return b.add(condition{std::move(made)}, protocol, value.position());
    });
  if (auto read = options::parse_hash_list(keyword, value))
    return pass_on(*std::move(read), [&](options::hash_list made) {
      return b.add(condition{std::move(made)}, "http ftp-data smtp smb nfs http2",
                   value.position());
    });
  return std::nullopt;
}

} // namespace

parsed<void> read_option(rule_builder& building, std::string_view keyword, text_cursor value) {
  if (const auto* found = find_entry(keyword))
    return found->read(building, keyword, value);
  if (const auto* buffer = payload::find_buffer_keyword(keyword))
    return buffer->modifier ? building.move_content(*buffer, value)
                            : building.select(*buffer, value);
  if (auto step = payload::parse_transform(keyword, value))
    return pass_on(*std::move(step), [&](payload::transform made) {
      return building.transform(std::move(made), value.position());
    });
  if (auto listed = read_listed(building, keyword, value))
    return *std::move(listed);
  return value.fail(errc::unknown_keyword, "no keyword is named '" + std::string{keyword} + "'");
}

bool knows_keyword(std::string_view keyword) noexcept {
  const text_cursor nothing{{}};
  return find_entry(keyword) != nullptr || payload::find_buffer_keyword(keyword) != nullptr ||
         payload::parse_transform(keyword, nothing) ||
         options::find_number_keyword(keyword) != nullptr ||
         options::parse_bits_match(keyword, nothing) || options::parse_presence(keyword, nothing) ||
         options::parse_word_match(keyword, nothing) ||
         options::parse_text_match(keyword, nothing) ||
         options::parse_number_list(keyword, nothing) ||
         options::parse_event_match(keyword, nothing) || options::parse_hash_list(keyword, nothing);
}

} // namespace cresset::detect::rule

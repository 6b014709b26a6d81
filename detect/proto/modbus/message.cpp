// MBAP header:  transaction 2 | protocol 2 (0) | length 2 (of what follows) | unit 1
// then:         function 1 | what the function carries
//
// Request and response of one function look differently, so the direction decides. Lengths that
// contradict each other do not end reading: the message is marked and keeps what was read.
#include "detect/proto/modbus/message.hpp"

#include "capture/base/byte_reader.hpp"

#include <array>
#include <string>

namespace cresset::detect::proto::modbus {
namespace {

constexpr std::uint8_t exception_bit = 0x80;
constexpr std::uint16_t most_bits = 2000; // Application Protocol 6.1
constexpr std::uint16_t most_bits_written = 1968;
constexpr std::uint16_t most_words = 125;
constexpr std::uint16_t most_words_written = 123;

struct known_function {
  std::uint8_t number;
  std::string_view name;
  std::uint8_t access;
};
// clang-format off
constexpr known_function functions[] = {
    {1, "RdCoils", access_read | access_coils},
    {2, "RdDiscreteInputs", access_read | access_discretes},
    {3, "RdHoldRegs", access_read | access_holding},
    {4, "RdInputRegs", access_read | access_input},
    {5, "WrSingleCoil", access_write | access_coils | access_single},
    {6, "WrSingleReg", access_write | access_holding | access_single},
    {7, "RdExcStatus", 0},
    {8, "Diagnostic", 0},
    {9, "Program484", 0},
    {10, "Poll484", 0},
    {11, "GetCommEventCtr", 0},
    {12, "GetCommEventLog", 0},
    {13, "ProgramController", 0},
    {14, "PollController", 0},
    {15, "WrMultCoils", access_write | access_coils | access_multiple},
    {16, "WrMultRegs", access_write | access_holding | access_multiple},
    {17, "ReportServerID", 0},
    {18, "Program884", 0},
    {19, "ResetCommLink", 0},
    {20, "RdFileRec", 0},
    {21, "WrFileRec", 0},
    {22, "MaskWrReg", access_write | access_holding},
    {23, "RdWrMultRegs", access_read | access_write | access_holding | access_multiple},
    {24, "RdFIFOQueue", 0},
    {43, "MEI", 0},
};
constexpr std::string_view exceptions[] = {
    "", "IllegalFunction", "IllegalDataAddr", "IllegalDataValue", "SlaveDeviceFail", "Ack",
    "SlaveDeviceBusy", "NegAck", "MemParityErr", "", "GatewayPathUnavailable",
    "GatewayTargetFailToResp"};
constexpr std::string_view diagnostics[] = {
    "RetQueryData", "RestartCommOpt", "RetDiagReg", "ChangeInputDelimiter", "ForceListenOnlyMode",
    "", "", "", "", "", "ClearCtrDiagReg", "RetBusMsgCount", "RetBusCommErrCount",
    "RetBusExcErrCount", "RetServerMsgCount", "RetServerNoRespCount", "RetServerNAKCount",
    "RetServerBusyCount", "RetBusCharOverrunCount", "RetOverrunErrCount",
    "ClearOverrunCounterFlag", "GetClearPlusStats"};
// clang-format on

const known_function* find(std::uint8_t function) noexcept {
  for (const auto& one : functions)
    if (one.number == function)
      return &one;
  return nullptr;
}

/// Application Protocol 5.1 and annex A.
std::uint8_t category_of(const message& of) noexcept {
  const auto n = of.function();
  if (n == 0)
    return 0;
  if ((n >= 65 && n <= 72) || (n >= 100 && n <= 110))
    return user_defined;
  if (n == 9 || n == 10 || n == 13 || n == 14 || n == 41 || n == 42 || n == 90 || n == 91 ||
      n >= 125)
    return reserved;
  if (n == 8 && of.diagnostic)
    return *of.diagnostic <= 20 && *of.diagnostic != 19
               ? diagnostics[*of.diagnostic].empty() ? public_unassigned : public_assigned
               : reserved;
  if (n == 43 && of.mei)
    return *of.mei == 13 || *of.mei == 14 ? public_assigned : reserved;
  return find(n) != nullptr && n != 18 && n != 19 ? public_assigned : public_unassigned;
}

class reading {
public:
  reading(message& made, byte_view body) noexcept : made_{made}, in_{body} {}

  void request();
  void response();
  /// What is left belongs to nothing the function has.
  void finish() noexcept {
    if (!in_.empty())
      wrong(error_length);
  }

private:
  void wrong(std::uint8_t what) noexcept { made_.errors |= what; }
  void keep_rest() {
    const auto rest = in_.rest();
    made_.bytes.assign(rest.begin(), rest.end());
    in_.skip(rest.size());
  }
  /// Bytes behind their one-byte count.
  void counted() {
    const auto count = in_.u8();
    if (!count || *count != in_.remaining())
      wrong(error_length);
    keep_rest();
  }
  std::optional<cells> run(std::uint16_t most) {
    const auto address = in_.be16();
    const auto quantity = in_.be16();
    if (!address || !quantity) {
      wrong(error_length);
      return std::nullopt;
    }
    if (*quantity == 0 || *quantity > most)
      wrong(error_value);
    return cells{*address, *quantity};
  }
  /// Address and one value: a single write, and the answer to any write.
  void single() {
    const auto address = in_.be16();
    const auto value = in_.be16();
    if (!address || !value)
      return wrong(error_length);
    made_.write = cells{*address, 1};
    made_.value = *value;
    if (made_.function() == 5 && *value != 0 && *value != 0xff00)
      wrong(error_value);
  }
  void multiple() {
    const bool bits = made_.function() == 15;
    made_.write = run(bits ? most_bits_written : most_words_written);
    made_.has_quantity = true;
    counted();
    if (made_.write && made_.bytes.size() != (bits ? (made_.write->quantity + 7U) / 8
                                                   : made_.write->quantity * std::size_t{2}))
      wrong(error_length);
  }
  void mask() {
    const auto address = in_.be16();
    made_.and_mask = in_.be16();
    made_.or_mask = in_.be16();
    if (!made_.or_mask)
      return wrong(error_length);
    made_.write = cells{*address, 1};
  }
  void sub_function() {
    if (made_.function() == 8)
      made_.diagnostic = in_.be16();
    else
      made_.mei = in_.u8();
    if (!made_.diagnostic && !made_.mei)
      wrong(error_length);
    keep_rest();
  }

  message& made_;
  byte_reader in_;
};

void reading::request() {
  switch (made_.function()) {
  case 1:
  case 2: made_.read = run(most_bits); break;
  case 3:
  case 4: made_.read = run(most_words); break;
  case 5:
  case 6: single(); break;
  case 7:
  case 11:
  case 12:
  case 17: break;
  case 8:
  case 43: sub_function(); break;
  case 15:
  case 16: multiple(); break;
  case 22: mask(); break;
  case 23:
    made_.read = run(most_words);
    multiple();
    break;
  default: keep_rest();
  }
}

void reading::response() {
  if ((made_.function_raw & exception_bit) != 0) {
    made_.exception = in_.u8();
    if (!made_.exception || *made_.exception == 0 || *made_.exception == 9 || *made_.exception > 11)
      wrong(error_exception);
    return;
  }
  switch (made_.function()) {
  case 1:
  case 2:
  case 3:
  case 4:
  case 23: counted(); break;
  case 5:
  case 6:
  case 15:
  case 16: single(); break;
  case 22: mask(); break;
  case 8:
  case 43: sub_function(); break;
  default: keep_rest();
  }
}

struct named_bit {
  std::uint8_t bit;
  std::string_view name;
};
constexpr named_bit access_names[] = {
    {access_read, "READ"},     {access_write, "WRITE"},      {access_discretes, "DISCRETES"},
    {access_coils, "COILS"},   {access_input, "INPUT"},      {access_holding, "HOLDING"},
    {access_single, "SINGLE"}, {access_multiple, "MULTIPLE"}};
constexpr named_bit category_names[] = {{public_assigned, "PUBLIC_ASSIGNED"},
                                        {public_unassigned, "PUBLIC_UNASSIGNED"},
                                        {user_defined, "USER_DEFINED"},
                                        {reserved, "RESERVED"}};
constexpr named_bit error_names[] = {{error_value, "DATA_VALUE"},
                                     {error_length, "DATA_LENGTH"},
                                     {error_exception, "EXC_CODE"},
                                     {error_function, "FUNC_CODE"},
                                     {error_protocol, "PROTO_ID"}};

/// "READ | COILS"
std::string joined(std::uint8_t bits, std::span<const named_bit> names) {
  std::string text;
  for (const auto& [bit, name] : names)
    if ((bits & bit) != 0)
      (text += text.empty() ? "" : " | ") += name;
  return text.empty() ? "NONE" : text;
}

template <std::size_t Size>
std::string_view name_in(const std::string_view (&names)[Size], std::size_t n) noexcept {
  return n < Size && !names[n].empty() ? names[n] : "Unknown";
}

void write_cells(json_writer& json, const message& of) {
  if (of.read) {
    json.key("read").begin_object().member("address", of.read->address);
    json.member("quantity", of.read->quantity).end_object();
  } else if ((of.access & access_read) != 0 && !of.exception) {
    json.key("read").begin_object().key("data").base64(of.bytes).end_object();
  }
  if (!of.write)
    return;
  json.key("write").begin_object().member("address", of.write->address);
  if (of.and_mask && of.or_mask)
    json.member("and_mask", *of.and_mask).member("or_mask", *of.or_mask);
  else if (of.has_quantity)
    json.member("quantity", of.write->quantity).key("data").base64(of.bytes);
  else if (of.value)
    json.member("data", *of.value);
  json.end_object();
}

} // namespace

std::optional<std::uint16_t> message::written(std::size_t n) const noexcept {
  if (value && n == 0)
    return value;
  if (!write || !has_quantity || n >= write->quantity)
    return std::nullopt;
  if (function() == 15)
    return n / 8 < bytes.size() ? std::optional{static_cast<std::uint16_t>(
                                      std::to_integer<unsigned>(bytes[n / 8]) >> (n % 8) & 1U)}
                                : std::nullopt;
  return 2 * n + 1 < bytes.size()
             ? std::optional{load_be16(byte_view{bytes}.subspan(2 * n).first<2>())}
             : std::nullopt;
}

message read_message(direction way, byte_view bytes) {
  byte_reader in{bytes};
  message made;
  made.transaction_id = *in.be16();
  made.protocol_id = *in.be16();
  in.skip(2);
  made.unit = *in.u8();
  made.function_raw = *in.u8();
  if (made.protocol_id != 0)
    made.errors |= error_protocol;
  const bool is_request = way == direction::to_server;
  if (is_request && made.function_raw >= exception_bit) { // no one may ask for these
    made.errors |= error_function;
    return made;
  }
  const auto* known = find(made.function());
  made.access = known != nullptr ? known->access : 0;
  reading body{made, in.rest()};
  if (is_request)
    body.request();
  else
    body.response();
  body.finish();
  made.category = category_of(made);
  if (made.category == 0)
    made.errors |= error_function;
  return made;
}

std::string_view function_name(std::uint8_t function) noexcept {
  const auto* known = find(function);
  return known != nullptr ? known->name : "Unknown";
}

void write_members(json_writer& json, const message& of) {
  json.member("transaction_id", of.transaction_id).member("protocol_id", of.protocol_id);
  json.member("unit_id", of.unit).member("function_raw", of.function_raw);
  json.member("function_code", function_name(of.function()));
  json.member("access_type", joined(of.access, access_names));
  json.member("category", joined(of.category, category_names));
  json.member("error_flags", joined(of.errors, error_names));
  if (of.exception) {
    json.key("exception").begin_object().member("raw", *of.exception);
    json.member("code", name_in(exceptions, *of.exception)).end_object();
  } else if (of.diagnostic) {
    json.key("diagnostic").begin_object().member("raw", *of.diagnostic);
    json.member("code", name_in(diagnostics, *of.diagnostic)).key("data").base64(of.bytes);
    json.end_object();
  } else if (of.mei) {
    json.key("mei").begin_object().member("raw", *of.mei);
    json.member("code", *of.mei == 13   ? "CANOpenGenRefReqResp"
                        : *of.mei == 14 ? "RdDevId"
                                        : "Unknown");
    json.key("data").base64(of.bytes).end_object();
  } else if (of.access != 0) {
    write_cells(json, of);
  } else if (!of.bytes.empty()) {
    json.key("data").base64(of.bytes);
  }
}

} // namespace cresset::detect::proto::modbus

#include "detect/proto/nfs/names.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace cresset::detect::proto::nfs {
namespace {

using namespace std::string_view_literals;

constexpr std::array version2{
    "NULL"sv, "GETATTR"sv,    "SETATTR"sv, "ROOT"sv,   "LOOKUP"sv,  "READLINK"sv,
    "READ"sv, "WRITECACHE"sv, "WRITE"sv,   "CREATE"sv, "REMOVE"sv,  "RENAME"sv,
    "LINK"sv, "SYMLINK"sv,    "MKDIR"sv,   "RMDIR"sv,  "READDIR"sv, "STATFS"sv,
};
constexpr std::array version3{
    "NULL"sv,   "GETATTR"sv, "SETATTR"sv,  "LOOKUP"sv, "ACCESS"sv,  "READLINK"sv,
    "READ"sv,   "WRITE"sv,   "CREATE"sv,   "MKDIR"sv,  "SYMLINK"sv, "MKNOD"sv,
    "REMOVE"sv, "RMDIR"sv,   "RENAME"sv,   "LINK"sv,   "READDIR"sv, "READDIRPLUS"sv,
    "FSSTAT"sv, "FSINFO"sv,  "PATHCONF"sv, "COMMIT"sv,
};
constexpr std::array version4{
    "NULL"sv,
    "COMPOUND"sv,
    ""sv,
    "ACCESS"sv,
    "CLOSE"sv,
    "COMMIT"sv,
    "CREATE"sv,
    "DELEGPURGE"sv,
    "DELEGRETURN"sv,
    "GETATTR"sv,
    "GETFH"sv,
    "LINK"sv,
    "LOCK"sv,
    "LOCKT"sv,
    "LOCKU"sv,
    "LOOKUP"sv,
    "LOOKUPP"sv,
    "NVERIFY"sv,
    "OPEN"sv,
    "OPENATTR"sv,
    "OPEN_CONFIRM"sv,
    "OPEN_DOWNGRADE"sv,
    "PUTFH"sv,
    "PUTPUBFH"sv,
    "PUTROOTFH"sv,
    "READ"sv,
    "READDIR"sv,
    "READLINK"sv,
    "REMOVE"sv,
    "RENAME"sv,
    "RENEW"sv,
    "RESTOREFH"sv,
    "SAVEFH"sv,
    "SECINFO"sv,
    "SETATTR"sv,
    "SETCLIENTID"sv,
    "SETCLIENTID_CONFIRM"sv,
    "VERIFY"sv,
    "WRITE"sv,
    "RELEASE_LOCKOWNER"sv,
    "BACKCHANNEL_CTL"sv,
    "BIND_CONN_TO_SESSION"sv,
    "EXCHANGE_ID"sv,
    "CREATE_SESSION"sv,
    "DESTROY_SESSION"sv,
    "FREE_STATEID"sv,
    "GET_DIR_DELEGATION"sv,
    "GETDEVICEINFO"sv,
    "GETDEVICELIST"sv,
    "LAYOUTCOMMIT"sv,
    "LAYOUTGET"sv,
    "LAYOUTRETURN"sv,
    "SECINFO_NO_NAME"sv,
    "SEQUENCE"sv,
    "SET_SSV"sv,
    "TEST_STATEID"sv,
    "WANT_DELEGATION"sv,
    "DESTROY_CLIENTID"sv,
    "RECLAIM_COMPLETE"sv,
    "ALLOCATE"sv,
    "COPY"sv,
    "COPY_NOTIFY"sv,
    "DEALLOCATE"sv,
    "IO_ADVISE"sv,
    "LAYOUTERROR"sv,
    "LAYOUTSTATS"sv,
    "OFFLOAD_CANCEL"sv,
    "OFFLOAD_STATUS"sv,
    "READ_PLUS"sv,
    "SEEK"sv,
    "WRITE_SAME"sv,
    "CLONE"sv,
};

struct named {
  std::uint32_t number;
  std::string_view name;
};
/// The three versions agree on what they share.
constexpr std::array statuses{
    named{0, "OK"},
    named{1, "ERR_PERM"},
    named{2, "ERR_NOENT"},
    named{5, "ERR_IO"},
    named{6, "ERR_NXIO"},
    named{13, "ERR_ACCES"},
    named{17, "ERR_EXIST"},
    named{18, "ERR_XDEV"},
    named{19, "ERR_NODEV"},
    named{20, "ERR_NOTDIR"},
    named{21, "ERR_ISDIR"},
    named{22, "ERR_INVAL"},
    named{27, "ERR_FBIG"},
    named{28, "ERR_NOSPC"},
    named{30, "ERR_ROFS"},
    named{31, "ERR_MLINK"},
    named{63, "ERR_NAMETOOLONG"},
    named{66, "ERR_NOTEMPTY"},
    named{69, "ERR_DQUOT"},
    named{70, "ERR_STALE"},
    named{71, "ERR_REMOTE"},
    named{99, "ERR_WFLUSH"},
    named{10001, "ERR_BADHANDLE"},
    named{10002, "ERR_NOT_SYNC"},
    named{10003, "ERR_BAD_COOKIE"},
    named{10004, "ERR_NOTSUPP"},
    named{10005, "ERR_TOOSMALL"},
    named{10006, "ERR_SERVERFAULT"},
    named{10007, "ERR_BADTYPE"},
    named{10008, "ERR_DELAY"},
    named{10009, "ERR_SAME"},
    named{10010, "ERR_DENIED"},
    named{10011, "ERR_EXPIRED"},
    named{10012, "ERR_LOCKED"},
    named{10013, "ERR_GRACE"},
    named{10014, "ERR_FHEXPIRED"},
    named{10015, "ERR_SHARE_DENIED"},
    named{10016, "ERR_WRONGSEC"},
    named{10017, "ERR_CLID_INUSE"},
    named{10018, "ERR_RESOURCE"},
    named{10019, "ERR_MOVED"},
    named{10020, "ERR_NOFILEHANDLE"},
    named{10021, "ERR_MINOR_VERS_MISMATCH"},
    named{10022, "ERR_STALE_CLIENTID"},
    named{10023, "ERR_STALE_STATEID"},
    named{10024, "ERR_OLD_STATEID"},
    named{10025, "ERR_BAD_STATEID"},
    named{10026, "ERR_BAD_SEQID"},
    named{10027, "ERR_NOT_SAME"},
    named{10028, "ERR_LOCK_RANGE"},
    named{10029, "ERR_SYMLINK"},
    named{10030, "ERR_RESTOREFH"},
    named{10031, "ERR_LEASE_MOVED"},
    named{10032, "ERR_ATTRNOTSUPP"},
    named{10033, "ERR_NO_GRACE"},
    named{10034, "ERR_RECLAIM_BAD"},
    named{10035, "ERR_RECLAIM_CONFLICT"},
    named{10036, "ERR_BADXDR"},
    named{10037, "ERR_LOCKS_HELD"},
    named{10038, "ERR_OPENMODE"},
    named{10039, "ERR_BADOWNER"},
    named{10040, "ERR_BADCHAR"},
    named{10041, "ERR_BADNAME"},
    named{10042, "ERR_BAD_RANGE"},
    named{10043, "ERR_LOCK_NOTSUPP"},
    named{10044, "ERR_OP_ILLEGAL"},
    named{10045, "ERR_DEADLOCK"},
    named{10046, "ERR_FILE_OPEN"},
    named{10047, "ERR_ADMIN_REVOKED"},
    named{10048, "ERR_CB_PATH_DOWN"},
    named{10052, "ERR_BADSESSION"},
    named{10053, "ERR_BADSLOT"},
    named{10054, "ERR_COMPLETE_ALREADY"},
    named{10063, "ERR_SEQ_MISORDERED"},
    named{10071, "ERR_OP_NOT_IN_SESSION"},
    named{10078, "ERR_DEADSESSION"},
    named{10083, "ERR_PNFS_NO_LAYOUT"},
    named{10087, "ERR_DELEG_REVOKED"},
};

} // namespace

std::string_view operation_name(std::uint32_t version, std::uint32_t number) noexcept {
  const std::span<const std::string_view> names = version == 2   ? std::span{version2}.subspan(0)
                                                  : version == 3 ? std::span{version3}.subspan(0)
                                                                 : std::span{version4}.subspan(0);
  return number < names.size() && !names[number].empty() ? names[number] : "UNKNOWN";
}

std::string status_name(std::uint32_t status) {
  const auto found =
      std::lower_bound(statuses.begin(), statuses.end(), status,
                       [](const named& one, std::uint32_t number) { return one.number < number; });
  if (found != statuses.end() && found->number == status)
    return std::string{found->name};
  return "UNKNOWN_" + std::to_string(status);
}

} // namespace cresset::detect::proto::nfs

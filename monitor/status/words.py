"""The Indonesian words of the status page, as data."""

WORDS = {
    "title": "Status Wi-Fi gratis dan jaringan {region}",
    "good": "Semua berjalan baik",
    "bad": "{n} gangguan sedang ditangani",
    "blind": "Keadaan sekarang tidak diketahui: pemantau tidak mendapat kabar",
    "updated": "Diperbarui {at}. Bila waktu ini sudah lama lewat, halaman ini tidak dapat dipercaya.",
    "sites": "Tempat Wi-Fi",
    "links": "Jaringan serat ke kecamatan",
    "older": "90 hari lalu",
    "today": "hari ini",
    "legend": "Hijau: hidup sepanjang hari. Kuning: sempat putus. Merah: lebih dari satu jam. "
    "Abu-abu: tak ada data; tidak dihitung.",
    "share": "{share} % hidup",
    "no-share": "belum ada data",
    "planned": "direncanakan",
    "building": "sedang dibangun",
    "day-up": "{day}: hidup",
    "day-down": "{day}: putus {minutes} menit",
    "day-unknown": "{day}: tidak ada data",
    "lit": "{n} dari {total} kecamatan tersambung",
}
STATES = {"up": "hidup", "weak": "hidup, sinyal lemah", "down": "putus", "shadow": "terputus di jalur lain"}
UNKNOWN_STATE = "tidak diketahui"
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]

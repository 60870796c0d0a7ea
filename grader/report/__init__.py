"""What people see of grades. Text of students is escaped at each edge."""
